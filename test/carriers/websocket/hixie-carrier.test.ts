import { describe, expect, it } from "vitest";
import {
  WebSocketCarrier,
  WebSocketError,
  WebSocketKind,
} from "../../../src/carriers/websocket/carrier.js";
import {
  HixieCarrier,
  HixieKind,
} from "../../../src/carriers/websocket/hixie-carrier.js";
import { LINES, type HostedDialect } from "../../../src/dialects/dialect.js";
import { eio3 } from "../../../src/dialects/index.js";
import { Outgoing } from "../../../src/dialects/outgoing.js";
import { FakeStream, hex, toHex, utf8 } from "./support.js";

type Close = NonNullable<HostedDialect["link"]["hixie"]>;
type Heard = ["frame", unknown] | ["closed", number, string] | ["error", Error];

const { link, ...rest } = eio3();
const kindOf = (hixie: Close) =>
  new HixieKind({ ...rest, link: { ...link, hixie } }, 100);

function open(hixie: Close = "close frame", kind = kindOf(hixie)) {
  const stream = new FakeStream();
  const heard: Heard[] = [];
  const carrier = new HixieCarrier(stream, kind, {
    frame: (unit) => heard.push(["frame", unit]),
    closed: (code, reason) => heard.push(["closed", code, reason]),
    error: (error) => heard.push(["error", error]),
  });
  return { carrier, stream, heard };
}

const shared = (text: string) => new Outgoing([text], false, true, true);

describe("writing", () => {
  it("puts the batch of a tick into one write", () => {
    const { carrier, stream } = open();
    carrier.write([new Outgoing(["a"]), new Outgoing(["é", "c"])]);
    expect(stream.writes.map((bytes) => toHex(bytes as Uint8Array))).toEqual([
      "0061ff00c3a9ff0063ff",
    ]);
  });

  it("gives what is shared to all of the kind, and to no other WebSocket", () => {
    const kind = kindOf("close frame");
    const [one, other] = [open("close frame", kind), open("close frame", kind)];
    const rfc = new FakeStream();
    const today = new WebSocketCarrier(
      rfc,
      new WebSocketKind(rest, LINES.websocketText, 100),
      { frame: () => {}, closed: () => {}, error: () => {} },
    );
    for (const order of ["old first", "new first"]) {
      const packet = shared(order);
      const everyone = [one.carrier, other.carrier, today];
      if (order === "new first") everyone.reverse();
      for (const carrier of everyone) carrier.write([packet]);
    }
    const [first, second] = one.stream.writes;
    expect(toHex(first as Uint8Array)).toBe(`00${toHex(utf8("old first"))}ff`);
    expect(other.stream.writes[0]).toBe(first);
    expect(toHex(second as Uint8Array)).toBe(`00${toHex(utf8("new first"))}ff`);
    expect(rfc.frames).toEqual([
      [0x81, toHex(utf8("old first"))],
      [0x81, toHex(utf8("new first"))],
    ]);
  });

  it("writes nothing for nothing, and nothing after the end", () => {
    const { carrier, stream } = open();
    carrier.write([]);
    expect(stream.writes).toEqual([]);
    carrier.close();
    carrier.write([new Outgoing(["late"])]);
    expect(toHex(stream.bytes)).toBe("ff00");
  });

  it("says whether the line is ready", () => {
    const { carrier, stream } = open();
    expect([carrier.writable, carrier.bufferedBytes]).toEqual([true, 0]);
    stream.bufferedBytes = 1;
    expect([carrier.writable, carrier.bufferedBytes]).toEqual([false, 1]);
    stream.bufferedBytes = 0;
    carrier.close();
    expect(carrier.writable).toBe(false);
  });

  it("is on a line of its own, for text", () => {
    const { line, name, once } = open().carrier;
    expect(line).toBe(LINES.hixie);
    expect(Object.values(LINES).filter((other) => other === line)).toHaveLength(
      1,
    );
    expect(line).toEqual({ batch: false, binary: false });
    expect({ name, once }).toEqual({ name: "websocket", once: false });
  });
});

describe("the end", () => {
  it("by the peer is answered", () => {
    const { carrier, stream, heard } = open();
    carrier.receive(hex("0061ff ff"));
    carrier.receive(hex("00 0062ff"));
    expect(heard).toEqual([
      ["frame", "a"],
      ["closed", 1005, ""],
    ]);
    expect(toHex(stream.bytes)).toBe("ff00");
    expect(stream.ended).toBe(true);
    carrier.lost(new Error("late"));
    expect(heard).toHaveLength(2);
  });

  it("by us is said, and nothing is heard after it but the peer's", () => {
    const { carrier, stream, heard } = open();
    carrier.close();
    carrier.close();
    expect([toHex(stream.bytes), stream.ended]).toEqual(["ff00", true]);
    carrier.receive(hex("0061ff"));
    expect(heard).toEqual([]);
    carrier.receive(hex("ff00"));
    expect(heard).toEqual([["closed", 1005, ""]]);
  });

  it("by us is not said to clients that die of it", () => {
    const { carrier, stream, heard } = open("no close frame");
    carrier.write([new Outgoing(["bye"])]);
    carrier.close();
    carrier.lost();
    expect([toHex(stream.bytes), stream.ended]).toEqual(["00627965ff", true]);
    expect(heard).toEqual([["closed", 1006, ""]]);
    const answered = open("no close frame");
    answered.carrier.receive(hex("ff00"));
    expect(answered.stream.writes).toEqual([]);
    expect(answered.stream.ended).toBe(true);
    expect(answered.heard).toEqual([["closed", 1005, ""]]);
  });

  it("by a message that closes it while a chunk is read", () => {
    const { carrier, heard } = open();
    const { handler } = carrier;
    carrier.handler = {
      ...handler,
      frame(unit, from) {
        handler.frame(unit, from);
        carrier.close();
      },
    };
    carrier.receive(hex("0061ff 0062ff ff00"));
    expect(heard).toEqual([
      ["frame", "a"],
      ["closed", 1005, ""],
    ]);
  });

  it.each([
    ["a bad frame", "81 00", 1002],
    ["garbage", "474554", 1002],
    ["a message beyond the limit", `00 ${"61".repeat(101)}`, 1009],
  ])("by %s is an error, told once", (_, bytes, code) => {
    const { carrier, stream, heard } = open();
    carrier.receive(hex(bytes));
    carrier.receive(hex(bytes));
    carrier.lost();
    carrier.terminate();
    expect(heard).toHaveLength(1);
    expect(heard[0]).toEqual(["error", expect.any(WebSocketError)]);
    expect(heard[0]?.[1]).toMatchObject({ code });
    expect([toHex(stream.bytes), stream.ended]).toEqual(["ff00", true]);
  });

  it("by garbage after our own end is no error", () => {
    const { carrier, stream, heard } = open();
    carrier.close();
    carrier.receive(hex("81"));
    expect(heard).toEqual([["closed", 1006, ""]]);
    expect(toHex(stream.bytes)).toBe("ff00");
  });

  it("by the loss of the stream", () => {
    const failed = open();
    const error = new Error("reset");
    failed.carrier.lost(error);
    expect(failed.heard).toEqual([["error", error]]);
    const gone = open();
    gone.carrier.lost();
    gone.carrier.lost();
    expect(gone.heard).toEqual([["closed", 1006, ""]]);
    const closing = open();
    closing.carrier.close();
    closing.carrier.lost(error);
    expect(closing.heard).toEqual([["closed", 1006, ""]]);
  });

  it("at once", () => {
    const { carrier, stream, heard } = open();
    carrier.terminate();
    carrier.terminate();
    carrier.receive(hex("0061ff"));
    expect(stream.destroyed).toBe(true);
    expect(stream.writes).toEqual([]);
    expect(heard).toEqual([["closed", 1006, ""]]);
  });
});
