/**
 * What is refused, and by which layer: the engine's trouble and that of packets
 * end a session for different reasons. Inputs of attackers are of a size at
 * which anything but linear time would run into the test's time limit.
 */
import { describe, expect, test } from "vitest";
import { type Dialect, LINES } from "../../src/dialects/dialect.js";
import { eio3, eio4 } from "../../src/dialects/index.js";
import { ProtocolError, type Unit } from "../../src/dialects/packet.js";
import { decodeWith, socket4 } from "./peers.js";
import { LIMITS, receive } from "./support.js";

const MEGA = 1_000_000;
const one = Uint8Array.of(1);

/** The layer that refuses these units, or what came out. */
function push(dialect: Dialect, units: Unit[], limits = LIMITS): unknown {
  const decoder = dialect.decoder(limits);
  return outcome(() => units.map((unit) => decoder.push(unit)));
}

function unframe(dialect: Dialect, frame: Unit, line = LINES.polling) {
  return outcome(() => dialect.unframe(frame, line));
}

function outcome(decode: () => unknown): unknown {
  try {
    return decode();
  } catch (error) {
    if (error instanceof ProtocolError) return error.layer;
    throw error;
  }
}

describe.each<[string, Dialect]>([
  ["eio4", eio4()],
  ["eio3", eio3()],
])("%s: packets", (_, dialect) => {
  test.each<[string, string]>([
    ["no type", "4"],
    ["unknown type", "47"],
    ["type that is no digit", "4x"],
    ["event without arguments", "42"],
    ["event that is no array", '42{"a":1}'],
    ["event without a name", "42[]"],
    ["event with a name of another type", "42[true]"],
    ["event with an object as its name", '42[{"toString":1}]'],
    ["event that is null", "42null"],
    ["broken JSON", '42["a"'],
    ["JSON and more", '42["a"]]'],
    ["ack without an id", "43[]"],
    ["ack without arguments", "431"],
    ["ack that is no array", "431{}"],
    ["connect with an array", "40[]"],
    ["connect with a string", '40"a"'],
    ["connect with null", "40null"],
    ["leaving with data", "41{}"],
    ["leaving with null", "41null"],
    ["id beyond 2^53 - 1", '429007199254740992["a"]'],
    ["id of many digits", `42${"9".repeat(400)}["a"]`],
    ["negative id", '42-1["a"]'],
    ["no count of attachments", '45["a"]'],
    ["no attachments", '450-["a"]'],
    ["attachments below zero", '45-1-["a"]'],
    ["attachments by halves", '451.5-["a"]'],
    ["attachments by exponent", '451e0-["a"]'],
    ["more attachments than allowed", '4511-["a"]'],
    ["attachments without end", `45${"1".repeat(100)}-["a"]`],
    ["binary event with a reserved name", '451-["connect"]'],
    ["binary ack without an id", "461-[]"],
    ...[
      "connect",
      "connect_error",
      "disconnect",
      "disconnecting",
      "newListener",
      "removeListener",
    ].map((name): [string, string] => [
      `reserved name ${name}`,
      `42["${name}"]`,
    ]),
  ])("%s", (_, message) => {
    const attachment = dialect.wrap(one);
    expect(
      push(
        dialect,
        message.startsWith("46") ? [message, attachment] : [message],
      ),
    ).toBe("packet");
  });

  test.each([
    ["of another index", '{"_placeholder":true,"num":1}'],
    ["below zero", '{"_placeholder":true,"num":-1}'],
    ["by halves", '{"_placeholder":true,"num":0.5}'],
    ["with a string", '{"_placeholder":true,"num":"0"}'],
    ["named like a method", '{"_placeholder":true,"num":"splice"}'],
    ["without index", '{"_placeholder":true}'],
    ["with null", '{"_placeholder":true,"num":null}'],
  ])("placeholder %s", (_, placeholder) => {
    expect(push(dialect, [`451-["a",${placeholder}]`, dialect.wrap(one)])).toBe(
      "packet",
    );
  });

  test("text while an attachment is awaited", () => {
    const announced = '451-["a",{"_placeholder":true,"num":0}]';
    expect(push(dialect, [announced, '42["b"]'])).toBe("packet");
    expect(push(dialect, [announced, '42/a,["b"]'])).toBe("packet");
    expect(push(dialect, [announced, announced])).toBe("packet");
  });

  test("an attachment that nobody announced", () => {
    expect(push(dialect, [dialect.wrap(one)])).toBe("packet");
  });

  test("the limit of attachments is the decoder's", () => {
    const limits = { ...LIMITS, maxAttachments: 2 };
    expect(push(dialect, ['452-["a"]'], limits)).toEqual([undefined]);
    expect(push(dialect, ['453-["a"]'], limits)).toBe("packet");
  });

  test("messages above the limit", () => {
    const limits = { ...LIMITS, maxPayload: 10 };
    expect(push(dialect, ['42["12345"]'], limits)).toBe("engine");
    expect(push(dialect, [new Uint8Array(11)], limits)).toBe("engine");
  });

  test("__proto__ and constructor are plain data", () => {
    const json = '{"__proto__":{"polluted":1},"constructor":{"prototype":{}}}';
    for (const units of [
      [`42["a",${json}]`],
      [
        `451-["a",${json.replace("1}", '{"_placeholder":true,"num":0}}')}]`,
        dialect.wrap(one),
      ],
    ]) {
      const [packet] = receive(dialect, units, LINES.websocket);
      const value = (packet as unknown as { args: [string, object] }).args[1];
      expect(Object.keys(value)).toEqual(["__proto__", "constructor"]);
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
      expect("polluted" in value).toBe(false);
      // And they leave as they came.
      const again = dialect.encode({
        type: "event",
        nsp: "/",
        args: ["a", value],
      });
      expect(again).toEqual(units);
    }
  });

  test("placeholders need not be in order, nor all be used", () => {
    const two = Uint8Array.of(2);
    expect(
      push(dialect, [
        '453-["a",{"_placeholder":true,"num":1},{"_placeholder":true,"num":0}]',
        dialect.wrap(one),
        dialect.wrap(two),
        dialect.wrap(two),
      ]),
    ).toEqual([
      undefined,
      undefined,
      undefined,
      { type: "event", nsp: "/", args: ["a", two, one] },
    ]);
  });

  test("the namespace may be anything", () => {
    for (const nsp of [
      "/__proto__",
      "/constructor",
      `/${"a".repeat(MEGA)}`,
      "/[",
    ])
      expect(push(dialect, [`42${nsp},["a"]`])).toEqual([
        { type: "event", nsp, args: ["a"] },
      ]);
  });

  test("JSON nested deeply", () => {
    const deep = (n: number) => "[".repeat(n) + "]".repeat(n);
    const deepObject = '{"a":'.repeat(100_000) + "1" + "}".repeat(100_000);
    for (const value of [deep(100_000), deep(1001), deepObject]) {
      expect(push(dialect, [`42["a",${value}]`])).toBe("packet");
      expect(push(dialect, [`451-["a",${value}]`, dialect.wrap(one)])).toBe(
        "packet",
      );
      expect(push(dialect, [`40${value}`])).toBe("packet");
    }
    // Brackets in strings, and many that are side by side, are not depth.
    for (const value of [
      JSON.stringify("[".repeat(5000)),
      JSON.stringify('\\"[{'.repeat(5000)),
      JSON.stringify(Array.from({ length: 5000 }, () => ({ a: [] }))),
      deep(900),
    ])
      expect(push(dialect, [`42["a",${value}]`])).not.toBe("packet");
  });

  test("what passes the depth of decoding can be sent on", () => {
    const [packet] = receive(
      dialect,
      [`42["a",${"[".repeat(990)}${"]".repeat(990)}]`],
      LINES.websocket,
    );
    expect(() => dialect.encode(packet)).not.toThrow();
  });

  test("digits, brackets and quotes without end", () => {
    for (const char of ['"', "[", "{", "1", "-", ",", "/", "\\", "\ud800"]) {
      const long = char.repeat(5 * MEGA);
      for (const start of ["42", "45", "42[", '42["', "40", "43", "42/", "41"])
        push(dialect, [start + long]);
    }
  });
});

describe("the reference refuses the same", () => {
  test.each([
    '2["connect"]',
    "2[]",
    "2{}",
    "2[true]",
    '5["a"]',
    '50-["a"]',
    '511-["a"]',
    "0[]",
    "1{}",
    "3{}",
    "7",
    '4["a"]',
    "4null",
  ])("%s", (text) => {
    expect(() => decodeWith(socket4, [text])).toThrow();
    expect(push(eio4(), ["4" + text])).toBe("packet");
  });

  test("numbers are names of events, which are strings here", () => {
    expect(decodeWith(socket4, ["2[5]"])).toMatchObject([{ data: [5] }]);
    expect(push(eio4(), ["42[5]"])).toEqual([
      { type: "event", nsp: "/", args: ["5"] },
    ]);
  });
});

describe.each<[string, Dialect]>([
  ["eio4", eio4()],
  ["eio3", eio3()],
])("%s: the engine", (_, dialect) => {
  test.each([
    "",
    "7",
    "x",
    "{",
    "-1",
    "0",
    "0{}",
    "0[]",
    '0{"sid":1}',
    "0null",
  ])("%j is no packet", (unit) => {
    expect(push(dialect, [unit])).toBe("engine");
  });

  test("data where none belongs is nothing", () => {
    expect(push(dialect, ["1x", "5x", "6x"])).toEqual([
      { type: "close" },
      { type: "upgrade" },
      { type: "noop" },
    ]);
  });
});

describe("payloads of EIO4", () => {
  const dialect = eio4();

  test.each<[string, Unit]>([
    ["empty", ""],
    ["ends with a separator", "2\x1e"],
    ["two separators", "2\x1e\x1e2"],
    ["separators only", "\x1e".repeat(MEGA)],
    ["bytes", one],
  ])("%s", (_, payload) => {
    expect(unframe(dialect, payload)).toBe("engine");
  });

  test("many packets", () => {
    expect(unframe(dialect, "6\x1e".repeat(MEGA) + "6")).toHaveLength(MEGA + 1);
  });

  test("base64 is read leniently, as by every peer", () => {
    for (const text of ["bAQID", "bAQ\nID", "bAQID====", "b!A-Q*I D"])
      expect(unframe(dialect, text)).toEqual([Uint8Array.of(1, 2, 3)]);
    expect(unframe(dialect, "bA")).toEqual([new Uint8Array()]);
  });
});

describe("payloads of EIO3", () => {
  const dialect = eio3();
  const bytes = (...values: number[]) => Uint8Array.from(values);

  test.each<[string, Unit]>([
    ["empty", ""],
    ["no length", ":2"],
    ["no colon", "12"],
    ["length beyond the end", "3:2"],
    ["length that lies", "1:2probe"],
    ["length in UTF-8 bytes of text that is not", '10:42["€"]'],
    ["length by exponent", "1e0:2"],
    ["signed length", "+1:2"],
    ["negative length", "-1:2"],
    ["length with a space", " 1:2"],
    ["hexadecimal length", "0x1:2"],
    ["digits without end", "1".repeat(5 * MEGA)],
    ["digits without end, then a colon", "1".repeat(5 * MEGA) + ":2"],
    ["zeros without end", "0".repeat(5 * MEGA) + ":"],
    ["no bytes", bytes()],
    ["no length in bytes", bytes(0, 255)],
    ["no end of the length", bytes(0, 1)],
    ["digits in ASCII", bytes(0, 0x31, 255, 0x32)],
    ["length in bytes beyond the end", bytes(0, 9, 255, 0x32)],
    ["length in bytes that lies", bytes(0, 1, 255, 0x32, 0x32)],
    ["unknown kind", bytes(2, 1, 255, 0x32)],
    ["empty packet in bytes", bytes(0, 0, 255)],
    ["digits in bytes without end", new Uint8Array(5 * MEGA)],
    ["nines without end", new Uint8Array(5 * MEGA).fill(9)],
    ["255 without end", new Uint8Array(5 * MEGA).fill(255)],
  ])("%s", (_, payload) => {
    expect(unframe(dialect, payload)).toBe("engine");
  });

  test("empty packets cost nothing", () => {
    expect(unframe(dialect, "0:".repeat(MEGA))).toEqual([]);
  });

  test("many packets", () => {
    expect(unframe(dialect, "1:6".repeat(MEGA))).toHaveLength(MEGA);
    const packet = [0, 1, 255, 0x36];
    const payload = new Uint8Array(4 * MEGA).map((_, i) => packet[i % 4]);
    expect(unframe(dialect, payload)).toHaveLength(MEGA);
  });

  test("a surrogate pair that a length cuts in two", () => {
    expect(unframe(dialect, "2:4\ud83d1:\ude00")).toEqual([
      "4\ud83d",
      "\ude00",
    ]);
    expect(push(dialect, ["4\ud83d", "\ude00"])).toBe("packet");
  });

  test("bytes that are no message", () => {
    for (const unit of [bytes(), bytes(2), bytes(7), bytes(0x34, 1)])
      expect(push(dialect, [unit])).toBe("engine");
    expect(push(dialect, unframe(dialect, "3:b2A") as Unit[])).toBe("engine");
    expect(push(dialect, unframe(dialect, "1:b") as Unit[])).toBe("engine");
    expect(push(dialect, unframe(dialect, "3:bxA") as Unit[])).toBe("engine");
  });

  test("bytes that are no UTF-8 stay the characters that they are", () => {
    for (const text of ["auto", "1.0", "1.x"] as const) {
      const read = eio3({ text });
      for (const unit of [
        '42["€"]',
        '42["é"]',
        // Longer than it needs to be; beyond Unicode; half of a pair; cut off.
        "4\xc0\x80",
        "4\xe0\x80\x80",
        "4\xf4\x90\x80\x80",
        "4\xed\xa0\xbd",
        "4\xe2\x82",
      ])
        expect(unframe(read, `${unit.length}:${unit}`)).toEqual([unit]);
    }
    // Not taken for a byte order mark, and left away.
    expect(unframe(dialect, "4:4\xef\xbb\xbf")).toEqual(["4\ufeff"]);
  });

  test("UTF-8 inside of text, megabytes of it", () => {
    const text = "â\x82¬".repeat(MEGA);
    expect(unframe(dialect, `${text.length + 1}:4${text}`)).toEqual([
      "4" + "€".repeat(MEGA),
    ]);
  });
});

describe("what cannot be encoded", () => {
  const dialect = eio4();
  const emit = (...args: unknown[]) =>
    dialect.encode({ type: "event", nsp: "/", args: ["a", ...args] });

  test("more attachments than the receiver takes", () => {
    const many = Array.from({ length: 11 }, () => one);
    expect(() => emit(many)).toThrow(
      expect.objectContaining({
        name: "RangeError",
        code: "ERR_TOO_MANY_ATTACHMENTS",
      }) as Error,
    );
    expect(emit(many.slice(1))).toHaveLength(11);
    const generous = eio4({ maxAttachments: 11 });
    expect(
      generous.encode({ type: "ack", nsp: "/", id: 1, args: many }),
    ).toHaveLength(12);
  });

  test("circular references, and depth", () => {
    const self: unknown[] = [];
    self.push(self);
    const pair: Record<string, unknown> = { bytes: one };
    pair.pair = pair;
    let deep: unknown = 1;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    const endless = { toJSON: () => ({ endless }) };
    for (const value of [self, pair, deep, endless])
      expect(() => emit(value)).toThrow(/levels, or a circular reference/);
    expect(() => emit(1n)).toThrow(TypeError);
  });

  test("a Blob", () => {
    expect(() => emit({ file: new Blob(["a"]) })).toThrow(/arrayBuffer/);
  });
});

test("toJSON decides, with and without bytes beside it", () => {
  const dialect = eio4();
  const value = {
    date: new Date(0),
    own: { toJSON: () => ({ inner: one }) },
    map: new Map(),
    none: undefined,
    call: () => 1,
  };
  const [packet] = receive(
    dialect,
    dialect.encode({ type: "event", nsp: "/", args: ["a", value, undefined] }),
    LINES.websocket,
  );
  expect(packet).toEqual({
    type: "event",
    nsp: "/",
    args: [
      "a",
      { date: "1970-01-01T00:00:00.000Z", own: { inner: one }, map: {} },
      null,
    ],
  });
});

test("what is inherited is no data, bytes neither", () => {
  const value = Object.create({ inherited: one }) as object;
  expect(
    eio4().encode({ type: "event", nsp: "/", args: ["a", value] }),
  ).toEqual(['42["a",{}]']);
});

test("every kind of binary value is an attachment", () => {
  const dialect = eio4();
  const { buffer } = Uint8Array.of(1, 2, 3, 4);
  const values = [
    buffer,
    new Uint8Array(buffer, 1, 2),
    new DataView(buffer, 2),
    new Uint16Array(buffer),
    Buffer.from(buffer),
  ];
  const [, ...attachments] = dialect.encode({
    type: "ack",
    nsp: "/",
    id: 1,
    args: values,
  });
  expect(attachments.map((bytes) => [...(bytes as Uint8Array)])).toEqual([
    [1, 2, 3, 4],
    [2, 3],
    [3, 4],
    [1, 2, 3, 4],
    [1, 2, 3, 4],
  ]);
});

test("the recovery offset goes out where the generation has one", () => {
  const packet = {
    type: "event",
    nsp: "/",
    args: ["a", 1],
    offset: "x",
  } as const;
  const sent = { ...packet, args: [...packet.args] as [string, number] };
  expect(eio4().encode(sent)).toEqual(['42["a",1,"x"]']);
  expect(eio3().encode(sent)).toEqual(['42["a",1]']);
  expect(sent.args).toEqual(["a", 1]);
});

test("a receipt is nothing that these generations could say", () => {
  const receipt = { type: "receipt", nsp: "/", id: 1 } as const;
  expect(eio4().encode(receipt)).toEqual([]);
});
