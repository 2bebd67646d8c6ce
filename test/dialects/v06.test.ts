/** Socket.IO up to 0.6: frames, the door beside what 0.6.18 answered, what cannot be said. */
import { describe, expect, test } from "vitest";
import { LINES } from "../../src/dialects/dialect.js";
import { v06 } from "../../src/dialects/index.js";
import type { EventPacket, Packet } from "../../src/dialects/packet.js";
import {
  ask,
  knockAt,
  load,
  outcome,
  readPost,
  replay,
  testVectors,
} from "./recordings.js";
import { LIMITS, receive } from "./support.js";

const MEGA = 1_000_000;
const dialect = v06();
const { door } = dialect;

testVectors(load("v06").vectors, dialect);

describe.each(load("v06").http)("$comment, $method $path", (exchange) => {
  const { does, items, answer } = exchange;

  test("is answered alike", () => {
    const ours = replay(dialect, exchange);
    if (answer === null) {
      expect(ours).toBeUndefined();
      return;
    }
    // We write `<` in another way in pages.
    expect(String(ours?.body).replace(/\\u003c/g, "<")).toBe(answer.body);
    expect(ours?.status).toBe(answer.status);
    // Pages say their encoding: old browsers guessed, also by what others wrote into them.
    expect(ours?.headers["content-type"]).toBe(
      answer.type === "text/html" ? "text/html; charset=UTF-8" : answer.type,
    );
  });

  if (does !== "post") return;
  test("is understood", () => {
    expect(readPost(dialect, exchange)).toEqual(items);
  });
});

test("a client is greeted by the first message, and by no other", () => {
  const client = v06({ greeted: true, heartbeatInterval: 1 });
  const hello = { sid: "42", upgrades: [], pingInterval: 1, pingTimeout: 8000 };
  const units = [
    ...dialect.encode({ type: "open", hello }),
    ...dialect.encode({ type: "event", nsp: "/", args: ["message", "43"] }),
  ];
  const frames = dialect.frame(units, LINES.pollingText);
  expect(frames).toEqual(["~m~2~m~42~m~2~m~43"]);
  expect(client.recognises(frames[0])).toBe(true);
  expect(receive(client, frames, LINES.pollingText)).toEqual([
    { type: "open", hello },
    { type: "event", nsp: "/", args: ["message", "43"] },
  ]);
});

test.each([
  ["~m~16~m~7237947311818187", true],
  ["~m~4~m~~h~1", false],
  ["~m~~m~", false],
  ["", false],
  ['0{"sid":"a"}', false],
  [new Uint8Array([0x7e]), false],
])("a client recognises a greeting: %j", (frame, known) => {
  expect(dialect.recognises(frame)).toBe(known);
});

describe("no unit is made of what has no words", () => {
  const event = (...args: EventPacket["args"]): Packet => ({
    type: "event",
    nsp: "/",
    args,
  });
  test.each<[string, Packet]>([
    ["another event", event("news", "a")],
    ["two values", event("message", "a", "b")],
    ["bytes", event("message", new Uint8Array(1))],
    ["bytes inside", event("message", { a: [new ArrayBuffer(1)] })],
    ["another namespace", { ...event("message", "a"), nsp: "/a" }],
    ["an ack", { type: "ack", nsp: "/", id: 1, args: [] }],
    ["joined", { type: "connect", nsp: "/", sid: "s" }],
    ["left", { type: "leave", nsp: "/" }],
    ["refused", { type: "refuse", nsp: "/a", message: "no" }],
  ])("%s", (_, item) => {
    expect(dialect.encode(item)).toEqual([]);
  });

  test("signals", () => {
    for (const type of ["close", "upgrade"] as const)
      expect(dialect.encode({ type })).toEqual([]);
    expect(dialect.encode({ type: "receipt", nsp: "/", id: 1 })).toEqual([]);
  });

  test("a message that asks for an ack goes without", () => {
    const item = { ...event("message", "a"), id: 1, offset: "o" } as Packet;
    expect(dialect.encode(item)).toEqual(["a"]);
  });

  test("a message of nothing is empty", () => {
    expect(dialect.encode(event("message"))).toEqual([""]);
    expect(dialect.encode(event("message", undefined))).toEqual([""]);
  });

  test("nothing is said in an empty payload, and not at all on a stream", () => {
    const units = dialect.encode({ type: "noop" });
    expect(dialect.frame(units, LINES.pollingText)).toEqual([""]);
    expect(dialect.frame(units, LINES.websocket)).toEqual([]);
    expect(dialect.frame([dialect.wrap(Buffer.of(1))], LINES.stream)).toEqual(
      [],
    );
  });
});

test.each([
  ["~h~1", { type: "ping" }],
  ["~h~", { type: "noop" }],
  ["~j~1", { type: "message", data: "~j~1" }],
  ["a", { type: "message", data: "a" }],
  [new Uint8Array(1), { type: "error" }],
])("in words of the engine: %j", (unit, described) => {
  expect(dialect.describe(unit)).toEqual(described);
});

test("what is refused", () => {
  const push = (unit: string | Uint8Array) =>
    outcome(() => dialect.decoder({ ...LIMITS, maxPayload: 10 }).push(unit));
  expect(push(new Uint8Array(1))).toBe("engine");
  expect(push("x".repeat(11))).toBe("engine");
  expect(
    outcome(() => dialect.unframe(new Uint8Array(1), LINES.websocket)),
  ).toBe("engine");
});

// With anything but linear time these would run into the time limit.
test("long input", () => {
  const read = (payload: string) =>
    receive(dialect, [payload], LINES.websocket);
  const long = "x".repeat(MEGA);
  expect(read(`~m~${MEGA}~m~${long}`)).toHaveLength(1);
  expect(read("~m~" + "9".repeat(MEGA))).toEqual([]);
  expect(dialect.recognises("~m~" + "9".repeat(MEGA))).toBe(false);
  expect(read("~m~" + "9".repeat(MEGA) + "~m~a")).toHaveLength(1);
  expect(read("~m~0~m~".repeat(MEGA / 7))).toHaveLength(Math.floor(MEGA / 7));
  expect(read("~m~1~m~".repeat(MEGA / 7))).not.toEqual([]);
  expect(read(`~m~${MEGA}~m~~j~` + "[".repeat(MEGA))).toEqual([
    { type: "event", nsp: "/", args: ["message", {}] },
  ]);
});

describe("the door", () => {
  test.each([
    ["/websocket", "websocket", undefined, "websocket", LINES.websocket],
    ["/websocket/1/", "websocket", "1", "websocket", LINES.websocket],
    ["flashsocket", "flashsocket", undefined, "websocket", LINES.websocket],
    ["/xhr-polling//1", "xhr-polling", undefined, "polling", LINES.pollingText],
    ["/xhr-polling/1/2", "xhr-polling", "1", "polling", LINES.pollingText],
    ["/htmlfile//1", "htmlfile", undefined, "polling", LINES.stream],
    ["/xhr-multipart/", "xhr-multipart", undefined, "polling", LINES.stream],
  ])("%s", (path, transport, sid, family, line) => {
    const knock = knockAt(dialect, path);
    expect(knock).toMatchObject({ transport, sid, family, jsonp: undefined });
    expect(knock.line).toBe(line);
  });

  test("is not for others", () => {
    for (const url of ["", "/", "/1/websocket/a", "/websockets", "/toString"])
      expect(door.knock(ask(url))).toBeUndefined();
  });

  test("the index of a callback is the last part, made of digits", () => {
    const index = (path: string) => knockAt(dialect, path).jsonp;
    expect(index("/jsonp-polling//1/7")).toBe("7");
    expect(index("/jsonp-polling/a/1/7/")).toBe("7");
    for (const path of ["/jsonp-polling", "/jsonp-polling/a/1/x](y"])
      expect(index(path)).toBe("0");
  });

  test("line breaks of forms are undone, those of XMLHttpRequest are none", () => {
    const body = "data=" + encodeURIComponent("~m~3~m~a\r\nb");
    const read = (path: string) => readPost(dialect, { path, body });
    expect(read("/jsonp-polling/1/2/0")).toEqual([
      { type: "event", nsp: "/", args: ["message", "a\nb"] },
    ]);
    expect(read("/xhr-polling/1/send")).toEqual([
      { type: "event", nsp: "/", args: ["message", "a\r\n"] },
    ]);
  });

  test("a POST without the field", () => {
    const path = "/xhr-polling/1/send";
    for (const body of ["", "d=1", "~m~1~m~a"])
      expect(outcome(() => readPost(dialect, { path, body }))).toBe("engine");
  });

  test("whoever may not come in is told", () => {
    const knock = knockAt(dialect, "/xhr-polling//1");
    expect(door.refuse(4, "no", knock)).toMatchObject({
      status: 401,
      body: "unauthorized",
    });
    expect(door.refuse(5, "no", knock)).toMatchObject({
      status: 400,
      body: "no",
    });
  });
});

test("the times are those of 0.6, if there are no others", () => {
  expect(dialect.link).toMatchObject({
    beat: { times: { pingInterval: 10_000, pingTimeout: 8_000 } },
    pollFor: 20_000,
    grace: { stream: 0, polls: 8_000 },
  });
  const other = v06({
    heartbeatInterval: 1,
    heartbeatTimeout: 2,
    closeTimeout: 3,
    pollingDuration: 4,
  });
  expect(other.link).toMatchObject({
    beat: { times: { pingInterval: 1, pingTimeout: 2 } },
    pollFor: 4,
    grace: { stream: 0, polls: 3 },
  });
});
