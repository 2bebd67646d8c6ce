/**
 * Guests whose generation has messages and nothing else (0.6). They cannot ask
 * to join, so they sit in the lobby from the start; what they send is said
 * there, and "/name Ada" makes them Ada.
 */
import { LOBBY } from "../public/rules.js";
import { Refusal } from "./checks.mjs";

/** @typedef {import("../types.d.ts").ChatSocket} ChatSocket */
/** @typedef {import("../types.d.ts").Message} Message */

const RENAME = /^\/name\s+(.*)$/s;
const REMEMBERED = 10;

/**
 * @param {ChatSocket} socket
 * @param {string} name one that is free
 * @param {{
 *   join: (payload: object) => Promise<{ name: string, history: Message[] }>,
 *   say: (payload: object) => Promise<object>,
 * }} chat
 */
export function seatPlainGuest(socket, name, chat) {
  /** Runs one step, and says why if it is refused. @param {() => Promise<unknown>} step */
  const attempt = async (step) => {
    try {
      await step();
    } catch (error) {
      const refused = error instanceof Refusal;
      if (!refused) console.error(error);
      const words = refused ? error.message : "Something went wrong.";
      socket.emit("notice", words);
    }
  };
  /** @param {string} wanted */
  const join = (wanted) => chat.join({ room: LOBBY, name: wanted });

  void attempt(async () => {
    const { name: given, history } = await join(name);
    for (const message of history.slice(-REMEMBERED))
      socket.emit("message", message);
    socket.emit(
      "notice",
      `You are ${given} in ${LOBBY}. Send "/name Ada" to be called Ada.`,
    );
  });
  socket.on("message", (/** @type {unknown} */ said) => {
    void attempt(async () => {
      const text = typeof said === "string" ? said : JSON.stringify(said);
      const [, wanted] = RENAME.exec(text) ?? [];
      if (wanted === undefined) await chat.say({ room: LOBBY, text });
      else await join(wanted);
    });
  });
}

/**
 * The server's option `downgrade`: what they get in place of an event. Messages
 * reach them as they are.
 *
 * @type {NonNullable<import("omnio").ServerOptions["downgrade"]>}
 */
export function inPlainWords({ name, args: [news] }) {
  if (name === "notice") return { name: "message", args: [news] };
  if (name === "left") {
    const { reason } = /** @type {{ reason: string }} */ (news);
    return { name: "message", args: [reason] };
  }
  if (name === "people") {
    const { people } =
      /** @type {{ people: import("../types.d.ts").Person[] }} */ (news);
    const names = people.map((person) => person.name).join(", ");
    return { name: "message", args: [`Here now: ${names}`] };
  }
  return undefined;
}
