/** Socket.IO 0.7 to 0.9: frames, what cannot be said, what is refused. */
import { describe, expect, test } from "vitest";
import { LINES } from "../../src/dialects/dialect.js";
import { v09 } from "../../src/dialects/index.js";
import type {
  EventPacket,
  Packet,
  Signal,
  Unit,
} from "../../src/dialects/packet.js";
import { load, outcome, testVectors } from "./recordings.js";
import { LIMITS } from "./support.js";

const MEGA = 1_000_000;
const dialect = v09();

testVectors(load("v09").vectors, dialect);

function event(...args: EventPacket["args"]): EventPacket {
  return { type: "event", nsp: "/", args };
}

function push(unit: Unit, limits = LIMITS): unknown {
  return outcome(() => dialect.decoder(limits).push(unit));
}

function unframe(frame: Unit): unknown {
  return outcome(() => dialect.unframe(frame, LINES.pollingText));
}

describe("no unit is made of what has no words", () => {
  test.each<[string, Packet | Signal]>([
    ["bytes", event("x", new Uint8Array(1))],
    ["bytes inside", event("message", { a: [new ArrayBuffer(1)] })],
    ["bytes in an ack", { type: "ack", nsp: "/", id: 1, args: [Buffer.of(1)] }],
    ["a namespace with a colon", { ...event("x"), nsp: "/a:b" }],
    ["a namespace with a query", { type: "leave", nsp: "/a?b" }],
    ["an upgrade", { type: "upgrade" }],
  ])("%s", (_, item) => {
    expect(dialect.encode(item)).toEqual([]);
  });

  test("a greeting, as it is an answer of its own", () => {
    const hello = { sid: "a", upgrades: [], pingInterval: 1, pingTimeout: 1 };
    expect(dialect.encode({ type: "open", hello })).toEqual([]);
  });

  test("bytes for the engine alone become a packet that says nothing", () => {
    expect(dialect.wrap(new Uint8Array(3))).toBe("8::");
  });
});

describe("what is written otherwise than it is read", () => {
  test("an ack that is asked for goes before a receipt", () => {
    expect(dialect.encode({ ...event("x"), id: 1, receipt: 2 })).toEqual([
      '5:1+::{"name":"x"}',
    ]);
  });

  test("a receipt is an ack with nothing in it", () => {
    expect(dialect.encode({ type: "receipt", nsp: "/a", id: 7 })).toEqual([
      "6::/a:7",
    ]);
  });

  test("an answer to a heartbeat is a heartbeat", () => {
    expect(dialect.encode({ type: "pong", data: "x" })).toEqual(["2::"]);
  });

  test("any refusal means unauthorized, if it is not one of the others", () => {
    for (const [message, code] of [
      ["Invalid namespace", 2],
      ["", 2],
      ["client not handshaken", 1],
    ])
      expect(
        dialect.encode({ type: "refuse", nsp: "/a", message: String(message) }),
      ).toEqual([`7::/a:${code}`]);
  });

  test("what a server says of a socket is not said", () => {
    expect(
      dialect.encode({ type: "connect", nsp: "/a", sid: "s", pid: "p" }),
    ).toEqual(["1::/a"]);
    expect(dialect.encode({ ...event("x"), offset: "o" })).toEqual([
      '5:::{"name":"x"}',
    ]);
  });

  test("an argument that JSON does not know is null, as everywhere", () => {
    expect(dialect.encode(event("message", undefined))).toEqual([
      '5:::{"name":"message","args":[null]}',
    ]);
  });
});

describe("what is refused", () => {
  test.each([
    ["engine", ""],
    ["engine", "0"],
    ["engine", "9::"],
    ["engine", "3"],
    ["engine", "3:"],
    ["engine", "33::"],
    ["engine", "a::b"],
    ["engine", "3:12345678901234567::x"],
    ["engine", "3:a::x"],
    ["engine", new Uint8Array([0x33])],
    ["packet", "3:9007199254740992::x"],
    ["packet", "4:::{"],
    ["packet", "5:::"],
    ["packet", "5:::{"],
    ["packet", "5:::null"],
    ["packet", "5:::[]"],
    ["packet", '5:::{"name":null}'],
    ["packet", '5:::{"args":[]}'],
    ["packet", '5:::{"name":"x","args":{}}'],
    ["packet", '5:::{"name":"x","args":"ab"}'],
    ["packet", "6::"],
    ["packet", "6:::x"],
    ["packet", "6:::1+{}"],
    ["packet", "6:::1+1"],
    ["packet", "6:::9007199254740992"],
  ])("by the %s: %j", (layer, unit) => {
    expect(push(unit)).toBe(layer);
  });

  test("a packet above the limit", () => {
    const limits = { ...LIMITS, maxPayload: 10 };
    expect(push("3:::" + "x".repeat(6), limits)).toMatchObject({
      type: "event",
    });
    expect(push("3:::" + "x".repeat(7), limits)).toBe("engine");
  });

  test.each([
    "\ufffd",
    "\ufffd\ufffd",
    "\ufffd5\ufffd3:::",
    "\ufffd3\ufffd2::x",
    "\ufffd3\ufffd2::3:::x",
    "\ufffd-1\ufffd2::",
    "\ufffd1e1\ufffd3:::xxxxxx",
    "\ufffd99999999999\ufffd2::",
  ])("a payload: %j", (payload) => {
    expect(unframe(payload)).toBe("engine");
  });

  test("bytes in place of a payload", () => {
    expect(unframe(new Uint8Array([0x33]))).toBe("engine");
  });

  test("prototypes are plain data", () => {
    expect(push('5:::{"name":"__proto__","args":[{"__proto__":1}]}')).toEqual(
      event("__proto__", JSON.parse('{"__proto__":1}')),
    );
    expect(push("1::/a:?__proto__=x&constructor=y")).toEqual({
      type: "connect",
      nsp: "/a",
      auth: JSON.parse('{"__proto__":"x","constructor":"y"}') as unknown,
    });
  });
});

// With anything but linear time these would run into the time limit.
test("long input", () => {
  const long = "x".repeat(MEGA);
  expect(push("3:::" + long)).toEqual(event("message", long));
  expect(push("3::" + long)).toMatchObject({ nsp: long });
  expect(push("1::/a?" + long)).toMatchObject({ nsp: "/a" });
  expect(push(long)).toBe("engine");
  expect(push(long + ":1:2:" + long)).toMatchObject({ type: "open" });
  expect(push("6:::1+" + "[".repeat(MEGA))).toBe("packet");
  expect(unframe("\ufffd0\ufffd".repeat(MEGA / 4))).toHaveLength(MEGA / 4);
  expect(unframe("\ufffd1\ufffdx".repeat(MEGA / 4))).toHaveLength(MEGA / 4);
  expect(unframe("\ufffd" + "9".repeat(MEGA))).toBe("engine");
  expect(unframe("\ufffd" + "9".repeat(MEGA) + "\ufffd")).toBe("engine");
  expect(push('5:::{"name":"x","args":' + "[".repeat(MEGA))).toBe("packet");
  expect(dialect.recognises(long)).toBe(false);
});

test.each([
  ["2::", { type: "ping" }],
  ["8::", { type: "noop" }],
  ["0::", { type: "close" }],
  ["0::/a", { type: "message", data: "0::/a" }],
  ["3:1+:/a:b:c", { type: "message", data: "b:c" }],
  ["5:::{}", { type: "message", data: "5:::{}" }],
  ["ab:60:60:", { type: "open" }],
  ["", { type: "error" }],
  [new Uint8Array(1), { type: "error" }],
])("in words of the engine: %j", (unit, described) => {
  expect(dialect.describe(unit)).toEqual(described);
});

test.each([
  ["HITaG4I4_8:60:60:websocket,xhr-polling", true],
  ["12345678901::25:", true],
  ["3:::60:websocket", false],
  ["1::", false],
  ['0{"sid":"a"}', false],
  ["<html>a:1:2:b", false],
  ["", false],
  ["404: not found", false],
  ["handshake unauthorized", false],
  ["Protocol version not supported.", false],
  [new Uint8Array([0x61, 0x62]), false],
])("a client recognises a greeting: %j", (frame, known) => {
  expect(dialect.recognises(frame)).toBe(known);
});

test("the times are those of 0.9, if there are no others", () => {
  expect(dialect.link).toMatchObject({
    beat: { times: { pingInterval: 25_000, pingTimeout: 60_000 } },
    pollFor: 20_000,
    grace: { stream: 60_000, polls: 60_000 },
    claim: 30_000,
  });
  const other = v09({
    heartbeatInterval: 1,
    heartbeatTimeout: 2,
    closeTimeout: 3,
    pollingDuration: 4,
  });
  expect(other.link).toMatchObject({
    beat: { times: { pingInterval: 1, pingTimeout: 2 } },
    pollFor: 4,
    grace: { stream: 3, polls: 3 },
  });
});
