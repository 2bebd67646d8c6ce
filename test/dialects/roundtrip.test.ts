/** What one end encodes, the other end decodes to the same, on every line. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LINES } from "../../src/dialects/dialect.js";
import { eio3, eio4 } from "../../src/dialects/index.js";
import type { Packet, Signal } from "../../src/dialects/packet.js";
import {
  ackId,
  eventName,
  json,
  list,
  LIMITS,
  mixed,
  nsp,
  PROPERTY_RUNS,
  receive,
  text,
} from "./support.js";

const lines = fc.constantFrom(...Object.values(LINES));

const event = fc.oneof(
  fc.record({ nsp, name: eventName, args: list(json) }),
  fc.record({ nsp, name: eventName, args: list(mixed), id: ackId }),
  fc.record({ nsp, name: eventName, args: list(mixed) }),
);
const asEvent = ({
  nsp,
  name,
  args,
  ...rest
}: {
  nsp: string;
  name: string;
  args: unknown[];
  id?: number;
}): Packet => ({ type: "event", nsp, args: [name, ...args], ...rest });

const ack = fc
  .record({ nsp, id: ackId, args: list(mixed) })
  .map((fields): Packet => ({ type: "ack", ...fields }));

const signal: fc.Arbitrary<Signal> = fc.oneof(
  fc.constantFrom<Signal>(
    { type: "close" },
    { type: "noop" },
    { type: "upgrade" },
    { type: "ping" },
    { type: "pong", data: "probe" },
  ),
);

const items = fc.array(
  fc.oneof(
    event.map(asEvent),
    ack,
    signal,
    nsp.map((nsp): Packet => ({ type: "leave", nsp })),
  ),
  { minLength: 1, maxLength: 6 },
);

describe.each([
  ["eio4", eio4()],
  ["eio3", eio3()],
  ["eio3 of 2.x", eio3({ text: "2.x" })],
  ["eio3 of 1.x", eio3({ text: "1.x" })],
  ["eio3 of 1.0", eio3({ text: "1.0" })],
])("%s", (_, dialect) => {
  test("events, acks and signals", () => {
    fc.assert(
      fc.property(items, lines, (items, line) => {
        const units = items.flatMap((item) => dialect.encode(item));
        const frames = dialect.frame(units, line);
        expect(receive(dialect, frames, line)).toEqual(items);
        expect(frames).toHaveLength(line.batch ? 1 : units.length);
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });

  test("a text line carries no bytes", () => {
    fc.assert(
      fc.property(event.map(asEvent), (item) => {
        for (const line of [LINES.websocketText, LINES.pollingText]) {
          for (const frame of dialect.frame(dialect.encode(item), line))
            expect(typeof frame).toBe("string");
        }
      }),
      { numRuns: PROPERTY_RUNS / 5 },
    );
  });

  test("bare messages of the engine", () => {
    fc.assert(
      fc.property(
        fc.oneof(text(true), fc.uint8Array({ minLength: 1 })),
        lines,
        (data, line) => {
          // Two prices: of the separator in payloads of EIO4, and of guessing in EIO3.
          fc.pre(
            typeof data !== "string" ||
              !(line.batch && (data.includes("\x1e") || isGuess(data))),
          );
          const frames = dialect.frame([dialect.wrap(data)], line);
          const [unit] = frames.flatMap((frame) =>
            dialect.unframe(frame, line),
          );
          expect(dialect.describe(unit)).toEqual(
            data.length === 0 && typeof data === "string"
              ? { type: "message" }
              : { type: "message", data },
          );
        },
      ),
      { numRuns: PROPERTY_RUNS },
    );
  });

  test("connecting, and refusing", () => {
    const fields = fc.dictionary(text(true), text(true), { minKeys: 1 });
    fc.assert(
      fc.property(nsp, fields, lines, (nsp, auth, line) => {
        const items: Packet[] = [
          { type: "connect", nsp, auth },
          { type: "refuse", nsp, message: "no" },
        ];
        const frames = dialect.frame(
          items.flatMap((item) => dialect.encode(item)),
          line,
        );
        const [connect, refuse] = receive(dialect, frames, line);
        expect(connect).toMatchObject(items[0]);
        expect(refuse).toEqual(items[1]);
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });
});

/** Whether each character could be a byte of UTF-8. */
function isGuess(data: string): boolean {
  return /^[\0-\xff]*$/.test(data) && /[\xc2-\xf4][\x80-\xbf]/.test(data);
}

test("one decoder serves a whole session", () => {
  const dialect = eio4();
  const decoder = dialect.decoder(LIMITS);
  for (let i = 0; i < 3; i++) {
    for (const unit of dialect.encode({
      type: "event",
      nsp: "/",
      args: ["x", new Uint8Array([i])],
    })) {
      expect(decoder.push(unit)).toEqual(
        typeof unit === "string"
          ? undefined
          : { type: "event", nsp: "/", args: ["x", new Uint8Array([i])] },
      );
      expect(decoder.pending).toBe(typeof unit === "string");
    }
  }
});
