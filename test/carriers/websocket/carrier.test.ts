import { describe, expect, it } from "vitest";
import {
  WebSocketCarrier,
  WebSocketError,
  WebSocketKind,
  type WebSocketHandler,
} from "../../../src/carriers/websocket/carrier.js";
import { LINES } from "../../../src/dialects/dialect.js";
import { Outgoing } from "../../../src/dialects/outgoing.js";
import type { Unit } from "../../../src/dialects/packet.js";
import {
  close,
  closePayload,
  concat,
  continuation,
  FakeStream,
  hex,
  ping,
  pong,
  text,
  toHex,
  utf8,
} from "./support.js";

const plain = { frame: (units: readonly Unit[]): Unit[] => [...units] };

function open(kind = new WebSocketKind(plain, LINES.websocket, 1000)) {
  const heard: unknown[] = [];
  const handler: WebSocketHandler = {
    frame: (unit) => heard.push(unit),
    closed: (code, reason) => heard.push({ code, reason }),
    error: (error) => heard.push(error),
  };
  const stream = new FakeStream();
  return {
    heard,
    stream,
    carrier: new WebSocketCarrier(stream, kind, handler),
  };
}

const CLOSE = 0x88;
const PONG = 0x8a;
const closeFrame = (code?: number, reason = "") => [
  CLOSE,
  toHex(closePayload(code, reason)),
];

describe("what a carrier says of itself", () => {
  it("is what the session needs to know", () => {
    const { carrier, stream } = open();
    expect(carrier).toMatchObject({
      name: "websocket",
      once: false,
      line: LINES.websocket,
    });
    expect(carrier.writable).toBe(true);
    stream.bufferedBytes = 12;
    expect(carrier).toMatchObject({ bufferedBytes: 12, writable: false });
    stream.bufferedBytes = 0;
    carrier.close();
    expect(carrier.writable).toBe(false);
  });
});

describe("messages", () => {
  it("are delivered as text and bytes, in order", () => {
    const { carrier, heard } = open();
    carrier.receive(concat([text("a"), hex("8281 00000000 01"), text("b")]));
    expect(heard).toEqual(
      ["a", hex("01"), "b"].map((unit) =>
        typeof unit === "string" ? unit : Uint8Array.from(unit),
      ),
    );
  });

  it("go to the handler that is set when they come", () => {
    const { carrier, heard } = open();
    const later: unknown[] = [];
    const ignore = () => undefined;
    carrier.receive(text("a"));
    carrier.handler = {
      frame: (unit) => later.push(unit),
      closed: ignore,
      error: ignore,
    };
    carrier.receive(text("b"));
    expect([heard, later]).toEqual([["a"], ["b"]]);
  });

  it("of one batch leave in one write, framed by the dialect for the line", () => {
    const lines: unknown[] = [];
    const dialect = {
      frame(units: readonly Unit[], line: unknown): Unit[] {
        lines.push(line);
        return units.map((unit) => `~${String(unit)}`);
      },
    };
    const { carrier, stream } = open(
      new WebSocketKind(dialect, LINES.websocketText, 1000),
    );
    carrier.write([new Outgoing(["a", "b"]), new Outgoing(["c"])]);
    expect(stream.writes).toHaveLength(1);
    expect(stream.frames).toEqual(
      ["~a", "~b", "~c"].map((unit) => [0x81, toHex(utf8(unit))]),
    );
    expect(new Set(lines)).toEqual(new Set([LINES.websocketText]));
  });

  it("of an empty batch are none", () => {
    const { carrier, stream } = open();
    carrier.write([]);
    expect(stream.writes).toEqual([]);
  });
});

describe("pings", () => {
  it("are answered, those of a chunk in one write", () => {
    const { carrier, stream } = open();
    carrier.receive(concat([ping(utf8("1")), ping(utf8("2"))]));
    expect(stream.writes).toHaveLength(1);
    expect(stream.frames).toEqual([
      [PONG, toHex(utf8("1"))],
      [PONG, toHex(utf8("2"))],
    ]);
  });

  it("of a peer that does not read are not kept, but for the latest", () => {
    const { carrier, stream } = open();
    stream.bufferedBytes = 100_000;
    for (let i = 0; i < 1000; i++) carrier.receive(ping(utf8(String(i))));
    expect(stream.writes).toEqual([]);
    stream.bufferedBytes = 0;
    carrier.write([new Outgoing(["x"])]);
    expect(stream.frames).toEqual([
      [PONG, toHex(utf8("999"))],
      [0x81, toHex(utf8("x"))],
    ]);
  });

  it("are not answered behind our close frame", () => {
    const { carrier, stream } = open();
    carrier.close();
    carrier.receive(ping());
    expect(stream.frames).toEqual([closeFrame()]);
  });

  it("and pongs are nobody else's business", () => {
    const { carrier, heard } = open();
    carrier.receive(concat([ping(), pong(), pong(utf8("x"))]));
    expect(heard).toEqual([]);
  });
});

describe("the close handshake", () => {
  it("begun by the peer: its code comes back, the stream ends, the handler hears of it", () => {
    const { carrier, stream, heard } = open();
    carrier.receive(concat([text("a"), close(4001, "enough"), text("b")]));
    expect(stream.frames).toEqual([closeFrame(4001)]);
    expect(stream.ended).toBe(true);
    expect(carrier.state).toBe("closed");
    expect(heard).toEqual(["a", { code: 4001, reason: "enough" }]);
  });

  it("begun by us: the stream ends when the peer has answered", () => {
    const { carrier, stream, heard } = open();
    carrier.close(4000, "bye");
    expect(stream.frames).toEqual([closeFrame(4000, "bye")]);
    expect([carrier.state, stream.ended]).toEqual(["closing", false]);
    carrier.receive(concat([text("late"), close(4000)]));
    expect([carrier.state, stream.ended]).toEqual(["closed", true]);
    expect(stream.frames).toHaveLength(1);
    expect(heard).toEqual([{ code: 4000, reason: "" }]);
  });

  it("has no code where none is given", () => {
    const { carrier, stream } = open();
    carrier.close();
    expect(stream.frames).toEqual([closeFrame()]);
  });

  it("begins once", () => {
    const { carrier, stream } = open();
    carrier.close(1000);
    carrier.close(1001);
    carrier.write([new Outgoing(["x"])]);
    expect(stream.frames).toEqual([closeFrame(1000)]);
  });

  it("begun in the middle of a chunk: the rest of it is not delivered", () => {
    const { carrier, heard, stream } = open();
    carrier.handler = {
      ...carrier.handler,
      frame(unit) {
        heard.push(unit);
        carrier.close();
      },
    };
    carrier.receive(concat([text("a"), text("b"), ping(), text("c")]));
    expect(heard).toEqual(["a"]);
    expect(stream.frames).toEqual([closeFrame()]);
  });

  it("that the peer ignores is ended by whoever owns the stream", () => {
    const { carrier, heard, stream } = open();
    carrier.close();
    carrier.terminate();
    expect(stream.destroyed).toBe(true);
    expect(heard).toEqual([{ code: 1006, reason: "" }]);
    carrier.terminate();
    carrier.lost();
    expect(heard).toHaveLength(1);
  });

  it("that went well still lets the stream be destroyed", () => {
    const { carrier, heard, stream } = open();
    carrier.receive(close());
    carrier.terminate();
    expect(stream.destroyed).toBe(true);
    expect(heard).toEqual([{ code: 1005, reason: "" }]);
  });
});

describe("faults", () => {
  it.each<[string, Uint8Array, number]>([
    ["of the protocol", text("a", { mask: null }), 1002],
    ["of the text", hex("8181 00000000 ff"), 1007],
    ["of size", text("a".repeat(1001)), 1009],
    [
      "of fragmentation",
      concat([
        text("", { fin: false }),
        ...Array<Uint8Array>(100).fill(continuation(utf8(""), { fin: false })),
      ]),
      1008,
    ],
  ])(
    "%s: the peer is told the code, the handler the error, nothing follows",
    (_, wire, code) => {
      const { carrier, stream, heard } = open();
      carrier.receive(concat([text("before"), wire, text("after")]));
      carrier.receive(text("after"));
      carrier.write([new Outgoing(["x"])]);
      carrier.close();
      carrier.lost(new Error("ECONNRESET"));
      expect(stream.frames).toEqual([closeFrame(code)]);
      expect(stream.ended).toBe(true);
      expect(heard).toEqual(["before", expect.any(WebSocketError)]);
      expect(heard[1]).toMatchObject({ name: "WebSocketError", code });
    },
  );

  it("after we closed are no news", () => {
    const { carrier, stream, heard } = open();
    carrier.close();
    carrier.receive(hex("8300"));
    expect(stream.frames).toEqual([closeFrame()]);
    expect(stream.ended).toBe(true);
    expect(heard).toEqual([{ code: 1006, reason: "" }]);
  });
});

describe("the loss of the stream", () => {
  it("without an error is a close without a frame", () => {
    const { carrier, heard } = open();
    carrier.lost();
    carrier.lost();
    expect(heard).toEqual([{ code: 1006, reason: "" }]);
    expect(carrier.state).toBe("closed");
  });

  it("with an error tells the error", () => {
    const { carrier, heard } = open();
    const error = new Error("ECONNRESET");
    carrier.lost(error);
    carrier.receive(text("a"));
    expect(heard).toEqual([error]);
  });

  it("with an error, while closing, is the end that was wanted", () => {
    const { carrier, heard } = open();
    carrier.close();
    carrier.lost(new Error("ECONNRESET"));
    expect(heard).toEqual([{ code: 1006, reason: "" }]);
  });

  it("amid a frame drops what there was of it", () => {
    const { carrier, heard } = open();
    carrier.receive(text("abc").subarray(0, 7));
    carrier.lost();
    expect(heard).toEqual([{ code: 1006, reason: "" }]);
  });
});

describe("carriers that share a decoder", () => {
  it("keep what they have of a frame apart", () => {
    const kind = new WebSocketKind(plain, LINES.websocket, 1000);
    const [a, b] = [open(kind), open(kind)];
    const frames = [text("hello from a"), text("hello from b")];
    for (let at = 0; at < frames[0].length; at++) {
      a.carrier.receive(frames[0].slice(at, at + 1));
      b.carrier.receive(frames[1].slice(at, at + 1));
    }
    a.carrier.receive(text("one, ", { fin: false }));
    b.carrier.receive(text("another"));
    a.carrier.receive(continuation(utf8("two")));
    expect(a.heard).toEqual(["hello from a", "one, two"]);
    expect(b.heard).toEqual(["hello from b", "another"]);
  });

  it("hear nothing of one that has failed or closed", () => {
    const kind = new WebSocketKind(plain, LINES.websocket, 1000);
    const [a, b, c] = [open(kind), open(kind), open(kind)];
    a.carrier.receive(Uint8Array.of(0xff, 0xff));
    b.carrier.receive(concat([close(), text("behind the end")]));
    c.carrier.receive(text("fine"));
    expect(a.heard).toEqual([expect.any(WebSocketError)]);
    expect(b.heard).toEqual([{ code: 1005, reason: "" }]);
    expect(c.heard).toEqual(["fine"]);
  });

  it("may receive while another one is told of a message", () => {
    const kind = new WebSocketKind(plain, LINES.websocket, 1000);
    const [a, b] = [open(kind), open(kind)];
    a.carrier.handler = {
      frame: (unit) => {
        a.heard.push(unit);
        b.carrier.receive(text(`to b: ${String(unit)}`));
      },
      closed: () => {},
      error: () => {},
    };
    a.carrier.receive(concat([text("1"), text("2")]));
    expect(a.heard).toEqual(["1", "2"]);
    expect(b.heard).toEqual(["to b: 1", "to b: 2"]);
  });
});
