/**
 * An echo server over the carrier, put through the cases of the Autobahn test
 * suite by its categories: what the client sends, what it gets back, and how
 * the connection ends. Every case is sent at once and byte by byte.
 */
import { describe, expect, it } from "vitest";
import {
  WebSocketCarrier,
  WebSocketKind,
} from "../../../src/carriers/websocket/carrier.js";
import { LINES } from "../../../src/dialects/dialect.js";
import { Outgoing } from "../../../src/dialects/outgoing.js";
import {
  binary,
  clientFrame,
  close,
  closePayload,
  concat,
  continuation,
  cut,
  FakeStream,
  hex,
  ping,
  pong,
  PORTS,
  text,
  toHex,
  utf8,
} from "./support.js";

type ServerFrame = [first: number, payload: string];
type Case = [name: string, sent: Uint8Array[], received: ServerFrame[]];

const TEXT = 0x81;
const BINARY = 0x82;
const CLOSE = 0x88;
const PONG = 0x8a;

const echoed = (content: string): ServerFrame => [TEXT, toHex(utf8(content))];
const echoedBytes = (content: Uint8Array): ServerFrame => [
  BINARY,
  toHex(content),
];
const ponged = (content: string): ServerFrame => [PONG, toHex(utf8(content))];
const closed = (code?: number): ServerFrame => [
  CLOSE,
  toHex(closePayload(code)),
];
const fragment = (content: string) => text(content, { fin: false });
const more = (content: string) => continuation(utf8(content), { fin: false });
const last = (content: string) => continuation(utf8(content));

const SIZES = [0, 125, 126, 127, 128, 65535, 65536];
const starred = (size: number) => "*".repeat(size);
const filled = (size: number) => new Uint8Array(size).fill(0xfe);

const framing: Case[] = [
  ...SIZES.map((size): Case => [
    `1.1 text of ${size} bytes`,
    [text(starred(size))],
    [echoed(starred(size))],
  ]),
  ...SIZES.map((size): Case => [
    `1.2 binary of ${size} bytes`,
    [binary(filled(size))],
    [echoedBytes(filled(size))],
  ]),
];

const pings: Case[] = [
  ["2.1 ping without payload", [ping()], [ponged("")]],
  [
    "2.2 ping with text",
    [ping(utf8("Hello, world!"))],
    [ponged("Hello, world!")],
  ],
  [
    "2.3 ping with bytes",
    [ping(hex("00fffefdfcfb00ff"))],
    [[PONG, "00fffefdfcfb00ff"]],
  ],
  ["2.4 ping of 125 bytes", [ping(filled(125))], [[PONG, toHex(filled(125))]]],
  ["2.5 ping of 126 bytes", [ping(filled(126))], [closed(1002)]],
  ["2.7 pong nobody asked for", [pong()], []],
  ["2.8 pong nobody asked for, with payload", [pong(utf8("x"))], []],
  [
    "2.9 pong nobody asked for, then a ping",
    [pong(utf8("x")), ping(utf8("y"))],
    [ponged("y")],
  ],
  [
    "2.10 ten pings",
    Array.from({ length: 10 }, (_, i) => ping(utf8(`payload-${i}`))),
    Array.from({ length: 10 }, (_, i) => ponged(`payload-${i}`)),
  ],
];

const reserved: Case[] = [
  ["3.1 RSV 1", [text("*", { reserved: 1 })], [closed(1002)]],
  [
    "3.2 text, then RSV 2",
    [text("a"), text("*", { reserved: 2 }), ping()],
    [echoed("a"), closed(1002)],
  ],
  [
    "3.3 text, then RSV 3",
    [text("a"), text("*", { reserved: 3 })],
    [echoed("a"), closed(1002)],
  ],
  ["3.5 binary, RSV 5", [binary(filled(8), { reserved: 5 })], [closed(1002)]],
  [
    "3.6 ping, RSV 6",
    [clientFrame({ opcode: 9, reserved: 6 })],
    [closed(1002)],
  ],
  [
    "3.7 close, RSV 7",
    [clientFrame({ opcode: 8, reserved: 7 })],
    [closed(1002)],
  ],
];

const opcodes: Case[] = [3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map(
  (opcode): Case => [
    `4 opcode ${opcode} behind a text`,
    [text("a"), clientFrame({ opcode, payload: utf8("b") }), ping()],
    [echoed("a"), closed(1002)],
  ],
);

const fragmentation: Case[] = [
  [
    "5.1 fragmented ping",
    [clientFrame({ opcode: 9, fin: false }), last("a")],
    [closed(1002)],
  ],
  [
    "5.2 fragmented pong",
    [clientFrame({ opcode: 10, fin: false }), last("a")],
    [closed(1002)],
  ],
  [
    "5.3 two fragments",
    [fragment("frag1"), last("frag2")],
    [echoed("frag1frag2")],
  ],
  [
    "5.6 a ping in between",
    [fragment("a"), ping(utf8("p")), last("b")],
    [ponged("p"), echoed("ab")],
  ],
  ["5.9 a continuation of nothing", [last("a"), text("b")], [closed(1002)]],
  ["5.12 fragments of nothing", [more("a"), last("b")], [closed(1002)]],
  [
    "5.15 a continuation behind the end",
    [fragment("a"), last("b"), more("c")],
    [echoed("ab"), closed(1002)],
  ],
  ["5.18 a text within a text", [fragment("a"), text("b")], [closed(1002)]],
  [
    "5.19 five fragments, pings in between",
    [
      fragment("1"),
      more("2"),
      ping(utf8("p1")),
      more("3"),
      more("4"),
      ping(utf8("p2")),
      last("5"),
    ],
    [ponged("p1"), ponged("p2"), echoed("12345")],
  ],
  [
    "two messages, the first in fragments",
    [fragment("a"), last("b"), text("c")],
    [echoed("ab"), echoed("c")],
  ],
];

const bytes = (code: string, rest: object = {}) =>
  clientFrame({ opcode: 1, payload: hex(code), ...rest });
const greek = "κόσμε";

const unicode: Case[] = [
  ["6.1 empty fragments", [fragment(""), more(""), last("")], [echoed("")]],
  [
    "6.1 content between empty fragments",
    [fragment(""), more("a"), last("")],
    [echoed("a")],
  ],
  [
    "6.2 valid text",
    [text(`Hello-µ@ßöäüàá-UTF-8!!`)],
    [echoed("Hello-µ@ßöäüàá-UTF-8!!")],
  ],
  [
    "6.2 a fragment for each byte",
    cut(utf8(greek), [1]).map((payload, i, { length }) =>
      clientFrame({ opcode: i === 0 ? 1 : 0, payload, fin: i === length - 1 }),
    ),
    [echoed(greek)],
  ],
  [
    "6.3 invalid text",
    [bytes("cebae1bdb9cf83cebcceb5eda080656469746564")],
    [closed(1007)],
  ],
  [
    "6.4 invalid at the end of a fragment",
    [
      bytes("cebae1bdb9cf83cebcceb5f4", { fin: false }),
      continuation(hex("90"), { fin: false }),
      last(""),
    ],
    [closed(1007)],
  ],
  [
    "6.6 all of a character but its last byte",
    [bytes("cebae1bd")],
    [closed(1007)],
  ],
  ["6.9 the last code point", [text("\u{10ffff}")], [echoed("\u{10ffff}")]],
  ["6.12 a surrogate", [bytes("eda080")], [closed(1007)]],
  [
    "6.22 code points that are no characters",
    [text("\uffff\ufffe\u{1fffe}")],
    [echoed("\uffff\ufffe\u{1fffe}")],
  ],
];

const closing: Case[] = [
  [
    "7.1 text, then close",
    [text("a"), close(1000)],
    [echoed("a"), closed(1000)],
  ],
  ["7.1 two closes", [close(1000), close(1000)], [closed(1000)]],
  ["7.1 a ping behind a close", [close(1000), ping()], [closed(1000)]],
  ["7.1 a text behind a close", [close(1000), text("a")], [closed(1000)]],
  [
    "7.1 a close amid fragments",
    [fragment("a"), close(1000), last("b")],
    [closed(1000)],
  ],
  ["7.3 empty close", [close()], [closed()]],
  [
    "7.3 a close of one byte",
    [clientFrame({ opcode: 8, payload: hex("03") })],
    [closed(1002)],
  ],
  ["7.3 a close with a reason", [close(1000, "Hello World!")], [closed(1000)]],
  ["7.3 the longest reason", [close(1000, starred(123))], [closed(1000)]],
  ["7.3 a reason too long", [close(1000, starred(124))], [closed(1002)]],
  [
    "7.5 a reason that is not UTF-8",
    [clientFrame({ opcode: 8, payload: hex("03e8cebaeda080") })],
    [closed(1007)],
  ],
  ...[
    1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014,
    3000, 3999, 4000, 4999,
  ].map((code): Case => [`7.7 code ${code}`, [close(code)], [closed(code)]]),
  ...[0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999, 5000, 65535].map(
    (code): Case => [`7.9 code ${code}`, [close(code)], [closed(1002)]],
  ),
];

const limits: Case[] = [
  [
    "9.1 the largest message",
    [text(starred(100_000))],
    [echoed(starred(100_000))],
  ],
  ["9.1 one byte more", [text(starred(100_001)), ping()], [closed(1009)]],
  [
    "9.3 the largest message in fragments",
    [fragment(starred(64_000)), more(starred(35_000)), last(starred(1000))],
    [echoed(starred(100_000))],
  ],
  [
    "9.3 one byte more in fragments",
    [fragment(starred(64_000)), last(starred(36_001))],
    [closed(1009)],
  ],
];

const categories: [string, Case[]][] = [
  ["1 framing", framing],
  ["2 pings and pongs", pings],
  ["3 reserved bits", reserved],
  ["4 opcodes", opcodes],
  ["5 fragmentation", fragmentation],
  ["6 UTF-8", unicode],
  ["7 close handling", closing],
  ["9 limits", limits],
];

describe.each(PORTS)("an echo server, with %s", (_, ports) => {
  const kind = new WebSocketKind(
    { frame: (units) => [...units] },
    LINES.websocket,
    100_000,
    ports,
  );

  function run(chunks: readonly Uint8Array[]): FakeStream {
    const stream = new FakeStream();
    let ends = 0;
    const carrier: WebSocketCarrier = new WebSocketCarrier(stream, kind, {
      frame: (unit) => carrier.write([new Outgoing([unit])]),
      closed: () => ends++,
      error: () => ends++,
    });
    for (const chunk of chunks) carrier.receive(Uint8Array.from(chunk));
    expect(ends).toBe(stream.ended ? 1 : 0);
    expect(carrier.state).toBe(stream.ended ? "closed" : "open");
    return stream;
  }

  describe.each(categories)("%s", (_category, cases) => {
    it.each(cases)("%s", (_name, sent, received) => {
      const whole = concat(sent);
      for (const chunks of [
        sent,
        [whole],
        cut(whole, [1]),
        cut(whole, [997]),
      ]) {
        const stream = run(chunks);
        expect(stream.frames).toEqual(received);
        expect(stream.ended).toBe(received.at(-1)?.[0] === CLOSE);
      }
    });
  });
});
