/** Values and shorthands that the tests of the dialects share. */
import fc from "fast-check";
import type { Decoder, Dialect, Line } from "../../src/dialects/dialect.js";
import {
  asProtocolError,
  type Limits,
  type Packet,
  type Signal,
  type Unit,
} from "../../src/dialects/packet.js";

export const LIMITS: Limits = { maxPayload: 1e8, maxAttachments: 10 };

/**
 * Runs of each property; CONTRIBUTING.md says when more are wanted. A multiple
 * of 1000: some take a part of it, and fast-check never ends after half a run.
 */
export const FUZZ_RUNS =
  Math.ceil(Number(process.env.OMNIO_FUZZ_RUNS ?? 10_000) / 1000) * 1000;
export const PROPERTY_RUNS = Math.ceil(FUZZ_RUNS / 20);

/** Node.js's `Buffer`, as the Node.js runtime has it, for peers that need it. */
export const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** A decoder that answers at once, also where it is the application's, which tells a listener. */
export function reading(
  dialect: Dialect,
  limits = LIMITS,
): Pick<Decoder, "push"> {
  const decoder = dialect.decoder(limits);
  const said: Packet[] = [];
  const failures: unknown[] = [];
  decoder.listen?.({
    packet(packet) {
      said.push(packet);
    },
    failed(error) {
      failures.push(error);
    },
  });
  return {
    push(unit) {
      const item = decoder.push(unit) ?? said.shift();
      for (const error of failures) throw asProtocolError(error);
      return item;
    },
  };
}

/** Everything that comes out at the other end of a line. */
export function receive(
  dialect: Dialect,
  frames: Unit[],
  line: Line,
  limits = LIMITS,
): (Packet | Signal)[] {
  const decoder = reading(dialect, limits);
  return frames
    .flatMap((frame) => dialect.unframe(frame, line))
    .map((unit) => decoder.push(unit))
    .filter((item) => item !== undefined);
}

/** Text with all that UTF-16 can hold; `whole`: without halves of surrogate pairs. */
export const text = (whole = false): fc.Arbitrary<string> =>
  fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.string({ unit: "binary" }),
    fc.string({
      unit: fc.constantFrom(
        "é",
        "€",
        "😀",
        "\u2028",
        "Ã",
        "©",
        "\0",
        "\x1e",
        ":",
        "\\",
        '"',
        "b",
        "4",
      ),
    }),
    ...(whole
      ? []
      : [fc.string({ unit: fc.constantFrom("\ud83d", "\ude00", "a", "ÿ") })]),
  );

export const bytes: fc.Arbitrary<Uint8Array> = fc.uint8Array({ maxLength: 40 });

const key = fc.oneof(
  text(),
  fc.constantFrom("__proto__", "constructor", "hasOwnProperty", "num"),
);

/** Names that the official parsers can carry through binary packets: they assign to them. */
const plainKey = text().filter((name) => name !== "__proto__");

/** Any JSON, and `leaf`. */
function tree(
  leaf: fc.Arbitrary<unknown>,
  names: fc.Arbitrary<string>,
): fc.Arbitrary<unknown> {
  return fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      leaf,
      text(),
      fc.integer(),
      // Without -0, which JSON does not know.
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
      fc.boolean(),
      fc.constant(null),
      tie("array"),
      tie("record"),
    ),
    array: fc.array(tie("value"), { maxLength: 4 }),
    record: fc
      .array(fc.tuple(names, tie("value")), { maxLength: 4 })
      .map((entries): unknown => Object.fromEntries(entries)),
  })).value;
}

/** JSON, with what looks like a placeholder. */
export const json = tree(fc.constant({ _placeholder: true, num: 0 }), key);

/** JSON with bytes in it. */
export const mixed = tree(bytes, key);

/** JSON with `Buffer`s in it, as Node.js applications have them. */
export const buffers = tree(bytes.map(asBuffer), plainKey);

export const nsp = fc.constantFrom(
  "/",
  "/admin",
  "/a-b/c",
  "/日本",
  "/é",
  "/1",
);

export const ackId = fc.oneof(
  fc.nat(),
  fc.constantFrom(0, Number.MAX_SAFE_INTEGER),
);

/** Arguments that have at most as many attachments as a packet may have. */
export function list(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown[]> {
  return fc
    .array(value, { maxLength: 4 })
    .filter((args) => countBytes(args) <= LIMITS.maxAttachments);
}

export const eventName = text().filter(
  (name) =>
    ![
      "connect",
      "connect_error",
      "disconnect",
      "disconnecting",
      "newListener",
      "removeListener",
    ].includes(name),
);

export function countBytes(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  if (value instanceof Uint8Array) return 1;
  return Object.values(value).reduce<number>(
    (sum, item) => sum + countBytes(item),
    0,
  );
}
