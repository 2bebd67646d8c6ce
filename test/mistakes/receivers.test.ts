/**
 * Nobody is reached by accident: a receiver that is named and is nobody, or
 * whose option is misspelt, is an error, and not everybody.
 */
import { describe, expect, test } from "vitest";
import { Client } from "../../src/client/index.js";
import type { Server } from "../../src/index.js";
import { serve } from "../server/fakes.js";

type Loose = (...args: unknown[]) => unknown;

async function two() {
  const { io, connect } = serve();
  io.of("/chat");
  const a = await connect("/");
  const b = await connect("/");
  return { io, heard: () => [...a.events, ...b.events] };
}

/** A method without its types, as a program in JavaScript has it. */
const loose = (target: object, method: string): Loose =>
  (Reflect.get(target, method) as Loose).bind(target);

const leaveOut = "leave it out to reach everybody";

const mistakes: [unknown, string][] = [
  [{ rooms: "admins" }, 'there is no option "rooms"'],
  [{ rooms: "admins" }, 'Did you mean "room"?'],
  [{ romo: "admins" }, 'Did you mean "room"?'],
  [{ To: "admins" }, 'Did you mean "to"?'],
  [{ except: "admins" }, "there are to, room, skip, callback, namespace"],
  [{ to: undefined }, `it is undefined; ${leaveOut}`],
  [{ to: null }, `it is null; ${leaveOut}`],
  [{ to: "" }, `it is ""; ${leaveOut}`],
  [{ to: [] }, `to is an empty list, which would reach nobody; ${leaveOut}`],
  [{ to: 7 }, `it is 7; ${leaveOut}`],
  [{ to: [undefined] }, `it has undefined; ${leaveOut}`],
  [{ to: new Set(["a"]) }, `it is {}; ${leaveOut}`],
  [{ room: undefined }, `it is undefined; ${leaveOut}`],
  [{ room: null }, `it is null; ${leaveOut}`],
  [{ room: [] }, `room is an empty list`],
  [{ room: ["a", ""] }, `it has ""; ${leaveOut}`],
  [{ room: { name: "a" } }, leaveOut],
  [{ skip: null }, "skip must be an id, a room or a list of them"],
  [{ skip: [null] }, "but it has null"],
  [{ callback: "x" }, "callback must be a function"],
  [{ namespace: undefined }, "namespace is undefined; name one"],
  [{ namespace: null }, "namespace is null; name one"],
  [{ namspace: "/chat" }, 'Did you mean "namespace"?'],
  [{ namespace: "/caht" }, 'there is no namespace "/caht"'],
  ["admins", "a room is { room: name }"],
  [["admins"], "several arguments are args(a, b)"],
  [null, "as an object, got null"],
  [7, "as an object, got 7"],
  [() => {}, "as an object, got a function"],
];

describe.each(["emitTo", "sendTo"])("%s", (method) => {
  test.each(mistakes)("%j", async (options, message) => {
    const { io, heard } = await two();
    const args = method === "emitTo" ? ["news", 1, options] : [1, options];
    for (const target of [io, io.of("/")])
      expect(() => loose(target, method)(...args)).toThrow(message);
    expect(heard()).toEqual([]);
  });
});

test("saying nothing about whom is everybody", async () => {
  const { io, heard } = await two();
  io.emitTo("1");
  io.emitTo("2", undefined, {});
  io.emitTo("3", undefined, { skip: [] });
  io.emitTo("4", undefined, { namespace: "/" });
  expect(heard().map(([name]) => name)).toEqual([..."1234", ..."1234"]);
});

describe("call", () => {
  test.each<[unknown[], string]>([
    [["x"], 'call("x"): expected the id of one socket as `to`, got undefined'],
    [["x", 1], "expected the id of one socket as `to`"],
    [["x", 1, null], "expected options (to, timeout, namespace)"],
    [["x", 1, "id"], 'as an object, got "id"'],
    [["x", 1, { to: "" }], 'as `to`, got ""'],
    [["x", 1, { to: ["id"] }], 'as `to`, got ["id"]'],
    [["x", 1, { room: "a" }], 'there is no option "room"'],
    [["x", 1, { to: "id", timout: 5 }], 'Did you mean "timeout"?'],
    [["x", 1, { to: "id", timeout: "1s" }], "timeout must be a number"],
    [["x", 1, { to: "id", timeout: -1 }], "timeout must be a number"],
  ])("%j", async (args, message) => {
    const { io, heard } = await two();
    await expect(loose(io, "call")(...args)).rejects.toThrow(message);
    expect(heard()).toEqual([]);
  });
});

describe("calls by id, and rooms", () => {
  test.each<[string, unknown[], string]>([
    ["closeRoom", [undefined], "closeRoom(): expected the name of a room"],
    ["closeRoom", [[]], "closeRoom(): expected the name of a room, got []"],
    ["closeRoom", ["a", "/chat"], 'as an object, got "/chat"'],
    ["closeRoom", ["a", { nsp: "/chat" }], 'there is no option "nsp"'],
    [
      "enterRoom",
      ["id", undefined],
      "enterRoom(): expected the name of a room",
    ],
    ["enterRoom", ["id", "a", { namspace: "/" }], 'Did you mean "namespace"?'],
    ["leaveRoom", ["id", null], "leaveRoom(): expected the name of a room"],
    ["rooms", ["id", { namespace: null }], "namespace is null"],
    ["getSession", ["id", "/chat"], 'got "/chat"'],
    ["saveSession", ["id", {}, { namespce: "/" }], "Did you mean"],
    ["session", ["id", () => {}, 7], "as an object, got 7"],
    ["transport", ["id", { namespace: "" }], 'namespace is ""'],
    ["environ", ["id", { to: "id" }], 'there is no option "to"'],
    ["disconnect", ["id", true], "as an object, got true"],
    ["disconnect", ["id", { close: true }], 'there is no option "close"'],
    ["handle", ["x", () => {}, "/chat"], 'as an object, got "/chat"'],
    ["handle", ["x", () => {}, { namspace: "/" }], "Did you mean"],
  ])("%s(%j)", async (method, args, message) => {
    const { io } = await two();
    await expect(
      Promise.resolve().then(() => loose(io, method)(...args)),
    ).rejects.toThrow(message);
  });
});

describe("the client", () => {
  test.each<[string, unknown[], string]>([
    ["emit", ["x", 1, { namspace: "/chat" }], 'Did you mean "namespace"?'],
    ["emit", ["x", 1, { namespace: undefined }], "is undefined; name one"],
    ["emit", ["x", 1, { to: "id" }], 'has no option "to"'],
    ["emit", ["x", 1, "/chat"], "emit() takes an event, its data and options"],
    ["send", [1, { namspace: "/chat" }], 'Did you mean "namespace"?'],
    ["call", ["x", 1, { timout: 1 }], 'Did you mean "timeout"?'],
    ["call", ["x", 1, { namespace: null }], "is null; name one"],
    ["connect", ["http://127.0.0.1:1", { namespaecs: ["/"] }], "Did you mean"],
  ])("%s(%j)", async (method, args, message) => {
    const client = new Client();
    await expect(
      Promise.resolve().then(() => loose(client, method)(...args)),
    ).rejects.toThrow(message);
    await client.shutdown();
  });
});

test("a room that is undefined is one in which nobody is, as in the reference", async () => {
  const { io, heard } = await two();
  const nowhere = loose(io, "to")(undefined) as Pick<Server, "emit">;
  nowhere.emit("x");
  expect(heard()).toEqual([]);
});
