/** Which method an event reaches. */
import { describe, expect, test } from "vitest";
import { isReached, methodOf } from "../../src/naming/event-method.js";

test.each([
  ["chat message", "onChatMessage"],
  ["chat_message", "onChatMessage"],
  ["chat-message", "onChatMessage"],
  ["chat.message", "onChatMessage"],
  ["chat:message", "onChatMessage"],
  ["chatMessage", "onChatMessage"],
  ["ChatMessage", "onChatMessage"],
  ["  chat -- message_", "onChatMessage"],
  ["message", "onMessage"],
  ["URL", "onURL"],
  ["room 1", "onRoom1"],
  ["1up", "on1up"],
  ["écran plat", "onÉcranPlat"],
  ["$price", "on$price"],
  ["𐐨x", "on𐐀x"],
  ["constructor", "onConstructor"],
  ["__proto__", "onProto"],
  ["", "on"],
  ["--", "on"],
])("the event %j reaches %s", (event, method) => {
  expect(methodOf(event)).toBe(method);
});

test("a name of a megabyte is read in one pass", () => {
  expect(methodOf("a ".repeat(500_000))).toHaveLength(500_002);
});

describe("a method is reached by some event", () => {
  test.each(["onChatMessage", "onX", "on1up", "on$price", "onURL"])(
    "%s",
    (method) => {
      expect(isReached(method)).toBe(true);
    },
  );
  test.each([
    "on_chat_message",
    "once",
    "only",
    "on",
    "onChat_message",
    "emit",
  ])("not %s", (method) => {
    expect(isReached(method)).toBe(false);
  });
});
