import { describe, expect, it } from "vitest";
import {
  binary,
  clientFrame,
  close,
  concat,
  continuation,
  cut,
  decode,
  hex,
  ping,
  pong,
  PORTS,
  text,
  toHex,
  utf8,
  type Heard,
} from "./support.js";

/** Frames as they stand on the wire, and what they say. */
const FRAMES: [string, string, Heard[]][] = [
  [
    "RFC 6455, 5.7: masked Hello",
    "8185 37fa213d 7f9f4d5158",
    [["text", "Hello"]],
  ],
  [
    "the same in two fragments",
    "0183 37fa213d 7f9f4d 8082 37fa213d 5b95",
    [["text", "Hello"]],
  ],
  [
    "RFC 6455, 5.7: masked pong",
    "8a85 37fa213d 7f9f4d5158",
    [["pong", "48656c6c6f"]],
  ],
  ["a ping", "8985 37fa213d 7f9f4d5158", [["ping", "48656c6c6f"]]],
  ["an empty text", "8180 00000000", [["text", ""]]],
  ["an empty binary", "8280 01020304", [["binary", ""]]],
  ["a mask of zeros", "8185 00000000 48656c6c6f", [["text", "Hello"]]],
  [
    "Engine.IO's ping probe",
    "8186 01020304 3372716b6367",
    [["text", "2probe"]],
  ],
  [
    "two and three bytes of UTF-8",
    "8185 00000000 c3a4e282ac",
    [["text", "ä€"]],
  ],
  ["four bytes of UTF-8", "8184 00000000 f09f9880", [["text", "😀"]]],
  [
    "a character across two fragments",
    "0182 00000000 e282 8081 00000000 ac",
    [["text", "€"]],
  ],
  ["a byte order mark, kept", "8184 00000000 efbbbf61", [["text", "\ufeffa"]]],
  ["a NUL", "8181 00000000 00", [["text", "\0"]]],
  [
    "a length of 16 bits that fits in 7",
    "81fe0002 00000000 6869",
    [["text", "hi"]],
  ],
  [
    "a length of 64 bits that fits in 7",
    "81ff0000000000000002 00000000 6869",
    [["text", "hi"]],
  ],
  [
    "a ping between two fragments",
    "0183 37fa213d 7f9f4d 8980 00000000 8082 37fa213d 5b95",
    [
      ["ping", ""],
      ["text", "Hello"],
    ],
  ],
  [
    "a binary behind a text",
    "8182 00000000 6869 8281 000000ff 00",
    [
      ["text", "hi"],
      ["binary", "00"],
    ],
  ],
  [
    "a fragmented binary",
    "0281 00000000 01 0080 00000000 8081 ff000000 fd",
    [["binary", "0102"]],
  ],
  [
    "fragments without content",
    "0180 00000000 0080 00000000 8080 00000000",
    [["text", ""]],
  ],
  ["a close without code", "8880 00000000", [["close", 1005, ""]]],
  ["a close with a code", "8882 00000000 03e8", [["close", 1000, ""]]],
  [
    "a close with a reason",
    "8885 00000000 03e9 627965",
    [["close", 1001, "bye"]],
  ],
  [
    "a close in the middle of a message",
    "0181 00000000 61 8882 00000000 03e8",
    [["close", 1000, ""]],
  ],
  [
    "nothing after a close",
    "8880 00000000 8181 00000000 61 8880 00000000",
    [["close", 1005, ""]],
  ],
];

/** What no client may send: all of it is answered with 1002. */
const FAULTS: [string, Uint8Array][] = [
  ...[1, 2, 3, 4, 5, 6, 7].map((reserved): [string, Uint8Array] => [
    `reserved bits ${reserved}`,
    text("a", { reserved }),
  ]),
  [
    "a reserved bit in a continuation",
    concat([
      text("a", { fin: false }),
      continuation(utf8("b"), { reserved: 4 }),
    ]),
  ],
  ["a reserved bit in a ping", clientFrame({ opcode: 9, reserved: 4 })],
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode): [string, Uint8Array] => [
    `opcode ${opcode}`,
    clientFrame({ opcode }),
  ]),
  ...[0, 1, 2, 8, 9, 10].map((opcode): [string, Uint8Array] => [
    `opcode ${opcode} without a mask`,
    clientFrame({ opcode, mask: null }),
  ]),
  ["a continuation of nothing", continuation(utf8("a"))],
  [
    "a continuation after the last fragment",
    concat([text("a"), continuation(utf8("b"))]),
  ],
  [
    "a text within a fragmented text",
    concat([text("a", { fin: false }), text("b")]),
  ],
  [
    "a binary within a fragmented text",
    concat([text("a", { fin: false }), binary(utf8("b"))]),
  ],
  [
    "a fragment of a new text within a fragmented text",
    concat([text("", { fin: false }), text("", { fin: false })]),
  ],
  ...[8, 9, 10].map((opcode): [string, Uint8Array] => [
    `a fragmented control frame ${opcode}`,
    clientFrame({ opcode, fin: false }),
  ]),
  ...[8, 9, 10].map((opcode): [string, Uint8Array] => [
    `a control frame ${opcode} of 126 bytes`,
    clientFrame({ opcode, payload: new Uint8Array(126).fill(0x61) }),
  ]),
  [
    "a control frame with a 16 bit length",
    clientFrame({ opcode: 9, lengthBytes: 2 }),
  ],
  [
    "a control frame that announces 2^63 bytes",
    clientFrame({ opcode: 9, announced: 1n << 63n }),
  ],
  ["a close code of one byte", clientFrame({ opcode: 8, payload: hex("03") })],
  ...[
    0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535,
  ].map((code): [string, Uint8Array] => [`close code ${code}`, close(code)]),
];

/** Bytes that are not UTF-8: all of it is answered with 1007. */
const NOT_UTF8: [string, string][] = [
  ["a lone continuation byte", "80"],
  ["a truncated two byte character", "61c3"],
  ["a truncated three byte character", "61e282"],
  ["a truncated four byte character", "61f09f98"],
  ["an overlong slash", "c0af"],
  ["an overlong NUL", "e08080"],
  ["an overlong euro sign", "f08282ac"],
  ["a surrogate", "eda080"],
  ["a pair of surrogates", "eda0bdedb880"],
  ["beyond U+10FFFF", "f4908080"],
  ["five bytes", "f888808080"],
  ["FE", "fe"],
  ["FF", "ff"],
];

describe.each(PORTS)("the decoder, with %s", (_, ports) => {
  describe("frames as on the wire", () => {
    it.each(FRAMES)("%s", (_name, wire, heard) => {
      expect(decode([hex(wire)], { ports }).heard).toEqual(heard);
    });

    it.each(FRAMES)("%s, byte by byte", (_name, wire, heard) => {
      expect(decode(cut(hex(wire), [1]), { ports }).heard).toEqual(heard);
    });
  });

  describe("faults of the protocol", () => {
    it.each(FAULTS)("%s", (_name, wire) => {
      const after = concat([wire, text("after")]);
      const recorder = decode([concat([text("before"), after])], { ports });
      expect(recorder.heard.at(-1)).toEqual(["error", 1002]);
      expect(recorder.heard).toContainEqual(["text", "before"]);
      expect(recorder.heard).not.toContainEqual(["text", "after"]);
      expect(recorder.faults).toEqual([expect.stringMatching(/^[A-Z].*\.$/)]);
      expect(decode(cut(after, [1]), { ports }).heard.at(-1)).toEqual([
        "error",
        1002,
      ]);
    });

    it("are found before the rest of the header is there", () => {
      expect(decode([hex("8300")], { ports }).heard).toEqual([["error", 1002]]);
      expect(decode([hex("c1"), hex("ff")], { ports }).heard).toEqual([
        ["error", 1002],
      ]);
    });
  });

  describe("text that is not UTF-8", () => {
    it.each(NOT_UTF8)("%s", (_name, wire) => {
      const payload = hex(wire);
      const heard: Heard[] = [["error", 1007]];
      expect(
        decode([clientFrame({ opcode: 1, payload })], { ports }).heard,
      ).toEqual(heard);
      const pieces = cut(payload, [1]).map((piece, i) =>
        clientFrame({ opcode: i === 0 ? 1 : 0, payload: piece, fin: false }),
      );
      const last = clientFrame({ opcode: 0 });
      expect(decode([...pieces, last], { ports }).heard).toEqual(heard);
      const reason = concat([hex("03e8"), payload]);
      expect(
        decode([clientFrame({ opcode: 8, payload: reason })], { ports }).heard,
      ).toEqual(heard);
      expect(decode([binary(payload)], { ports }).heard).toEqual([
        ["binary", toHex(payload)],
      ]);
    });

    it("a character begun at the end of one message does not go on in the next", () => {
      const wire = concat([
        clientFrame({ opcode: 1, payload: hex("61e2") }),
        clientFrame({ opcode: 1, payload: hex("82ac") }),
      ]);
      expect(decode([wire], { ports }).heard).toEqual([["error", 1007]]);
    });
  });

  describe("lengths", () => {
    const SIZES = [
      0, 1, 2, 3, 4, 5, 63, 64, 124, 125, 126, 127, 128, 191, 192, 193, 1000,
      65534, 65535, 65536, 70001,
    ];

    it.each(SIZES)("%i bytes, wherever they lie in memory", (size) => {
      const payload = new Uint8Array(size).map((_byte, i) => i * 31);
      const ascii = "abcdefghijklm".repeat(Math.ceil(size / 13)).slice(0, size);
      for (const shift of [0, 1, 2, 3]) {
        // The pings in front move the frame to other alignments.
        const wire = concat([
          ping(new Uint8Array(shift)),
          binary(payload),
          text(ascii),
        ]);
        const recorder = decode([wire], { ports });
        expect(recorder.heard.slice(1)).toEqual([
          ["binary", toHex(payload)],
          ["text", ascii],
        ]);
      }
    });

    it("finds the one character that is not ASCII in a long text", () => {
      for (const at of [0, 1, 5, 500, 996, 997, 998, 999]) {
        const content = `${"a".repeat(at)}ä${"b".repeat(999 - at)}`;
        expect(decode([text(content)], { ports }).heard).toEqual([
          ["text", content],
        ]);
      }
    });

    it("accepts exactly the limit, in one frame or in many", () => {
      const payload = new Uint8Array(1000).fill(7);
      const whole = decode([binary(payload)], { limit: 1000, ports });
      expect(whole.heard).toEqual([["binary", toHex(payload)]]);
      const halves = [
        binary(payload.subarray(0, 400), { fin: false }),
        continuation(payload.subarray(400)),
      ];
      expect(decode(halves, { limit: 1000, ports }).heard).toEqual(whole.heard);
      expect(
        decode([...halves, ...halves], { limit: 1000, ports }).heard,
      ).toHaveLength(2);
    });

    it.each<[string, Uint8Array]>([
      ["one byte more", binary(new Uint8Array(1001))],
      ["one byte more in a text", text("a".repeat(1001))],
      [
        "one byte more in the last fragment",
        concat([
          binary(new Uint8Array(1000), { fin: false }),
          continuation(new Uint8Array(1)),
        ]),
      ],
      [
        "65535 bytes announced",
        binary(new Uint8Array(0), { announced: 65535n }),
      ],
      [
        "2^32 bytes announced",
        binary(new Uint8Array(0), { announced: 1n << 32n }),
      ],
      [
        "2^53 bytes announced",
        binary(new Uint8Array(0), { announced: 1n << 53n }),
      ],
      [
        "2^63 bytes announced",
        binary(new Uint8Array(0), { announced: 1n << 63n }),
      ],
      ["2^64 - 1 bytes announced", text("", { announced: (1n << 64n) - 1n })],
    ])("refuses %s with 1009", (_name, wire) => {
      expect(decode([wire], { limit: 1000, ports }).heard).toEqual([
        ["error", 1009],
      ]);
      expect(decode(cut(wire, [1]), { limit: 1000, ports }).heard).toEqual([
        ["error", 1009],
      ]);
    });

    it("refuses without having seen the mask or any payload", () => {
      expect(
        decode([hex("82ff 0000000000100000")], { limit: 1000, ports }).heard,
      ).toEqual([["error", 1009]]);
    });

    it("has no limit where none is wanted, but for what numbers can tell", () => {
      const options = { limit: Infinity, ports };
      expect(
        decode([binary(new Uint8Array(70_000))], options).heard,
      ).toHaveLength(1);
      const beyond = binary(new Uint8Array(0), { announced: 1n << 53n });
      expect(decode([beyond], options).heard).toEqual([["error", 1009]]);
    });

    it("counts control frames against their own limit only", () => {
      const wire = concat([
        binary(new Uint8Array(10), { fin: false }),
        ping(new Uint8Array(125)),
        pong(new Uint8Array(125)),
        continuation(new Uint8Array(0)),
      ]);
      const kinds = decode([wire], { limit: 10, ports }).heard.map(
        ([kind]) => kind,
      );
      expect(kinds).toEqual(["ping", "pong", "binary"]);
    });
  });

  it("gives messages in the class of bytes that the ports allocate", () => {
    const expected = ports.allocate(1).constructor;
    const pieces = [
      binary(new Uint8Array(3)),
      binary(new Uint8Array(3), { fin: false }),
      continuation(new Uint8Array(3)),
      binary(new Uint8Array(500)),
    ];
    const { messages } = decode([concat(pieces)], { ports });
    const split = decode(cut(concat(pieces), [2]), { ports }).messages;
    expect(messages).toHaveLength(3);
    for (const message of [...messages, ...split])
      expect(message.constructor).toBe(expected);
  });
});
