/**
 * From an event's name to the method of a class that handles it, alike for
 * classes of the server and of the client.
 */

/** Whatever cannot be part of a method's name parts words. */
const BETWEEN_WORDS = /[^\p{L}\p{N}$]+/u;

const capital = (word: string) =>
  word.replace(/^./u, (letter) => letter.toUpperCase());

/**
 * The name of the method that an event reaches: `chat message`, `chat_message`,
 * `chat-message`, `chat.message` and `chatMessage` all reach `onChatMessage`.
 * Nothing is remembered of names, as they come from the other end.
 *
 * @returns `on` alone if the name has neither letters nor digits
 */
export function methodOf(eventName: string): string {
  return `on${eventName.split(BETWEEN_WORDS).map(capital).join("")}`;
}

/**
 * Whether there is an event that reaches a method of this name: `onChatMessage`
 * is reached, `on_chat_message` and `once` are not.
 */
export function isReached(method: string): boolean {
  return method.length > 2 && methodOf(method.slice(2)) === method;
}
