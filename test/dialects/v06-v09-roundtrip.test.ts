/** Before 1.0: what one end encodes, the other end decodes to the same, on every line. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LINES } from "../../src/dialects/dialect.js";
import { v06, v09 } from "../../src/dialects/index.js";
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

/** With what separates packets, payloads and parts of answers. */
const anyText = fc.oneof(
  text(),
  fc
    .array(
      fc.constantFrom(
        ...["\ufffd", ":", "+", "3", "~m~", "~h~", "~j~", "\n--socketio"],
        ...["\n", "\r\n", "\u2028", "\0", "\ud83d", "é", "?", "/", "<"],
      ),
    )
    .map((parts) => parts.join("")),
);

const asked = fc.oneof(
  fc.constant({}),
  ackId.map((id) => ({ id })),
  ackId.map((receipt) => ({ receipt })),
);

const event = fc
  .record({ nsp, name: eventName, values: list(json), asked })
  .map(({ nsp, name, values, asked }): Packet => ({
    type: "event",
    nsp,
    args: [name, ...values],
    ...asked,
  }));

const message = fc
  .record({ value: fc.oneof(anyText, json), asked, nsp })
  .map(({ value, asked, nsp }): Packet => ({
    type: "event",
    nsp,
    args: ["message", value],
    ...asked,
  }));

const said09 = fc.oneof(
  event,
  message,
  fc
    .record({ nsp, id: ackId, args: list(json) })
    .map((fields): Packet => ({ type: "ack", ...fields })),
  nsp
    .filter((nsp) => nsp !== "/")
    .map((nsp): Packet => ({ type: "leave", nsp })),
  fc
    .record({ nsp, auth: fc.dictionary(text(true), text(true)) })
    .map(({ nsp, auth }): Packet => ({
      type: "connect",
      nsp,
      auth: Object.keys(auth).length > 0 ? auth : undefined,
    })),
  fc.constantFrom<Packet | Signal>(
    { type: "refuse", nsp: "/a", message: "unauthorized" },
    {
      type: "refuse",
      nsp: "/",
      message: "client not handshaken",
      data: { advice: "reconnect" },
    },
    { type: "ping" },
    { type: "noop" },
    { type: "close" },
  ),
);

const said06 = fc.oneof(
  fc.oneof(anyText, json).map((value): Packet => ({
    type: "event",
    nsp: "/",
    args: ["message", value],
  })),
  fc.nat().map((n): Signal => ({ type: "ping", data: String(n) })),
);

describe.each([
  ["v09", v09(), said09],
  ["v06", v06(), said06],
])("%s", (_, dialect, said) => {
  test("packets and signals", () => {
    fc.assert(
      fc.property(
        fc.array(said, { minLength: 1, maxLength: 6 }),
        lines,
        (items, line) => {
          const units = items.flatMap((item) => dialect.encode(item));
          expect(units).toHaveLength(items.length);
          const frames = dialect.frame(units, line);
          expect(frames).toHaveLength(line.batch ? 1 : units.length);
          expect(receive(dialect, frames, line)).toEqual(items);
        },
      ),
      { numRuns: PROPERTY_RUNS },
    );
  });

  test("nothing is lost on the way through UTF-8", () => {
    const wire = new TextEncoder();
    const read = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    fc.assert(
      fc.property(said, (item) => {
        const line = LINES.pollingText;
        const [frame] = dialect.frame(dialect.encode(item), line);
        const arrived = read.decode(wire.encode(String(frame)));
        expect(receive(dialect, [arrived], line)).toEqual([item]);
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });

  test("bytes are never said, nor a part of what has some", () => {
    fc.assert(
      fc.property(list(mixed), (values) => {
        const units = dialect.encode({
          type: "event",
          nsp: "/",
          args: ["message", new Uint8Array(1), ...values],
        });
        expect(units).toEqual([]);
      }),
      { numRuns: PROPERTY_RUNS / 10 },
    );
  });

  test("bare messages of the engine are messages", () => {
    fc.assert(
      fc.property(anyText, lines, (data, line) => {
        const unit = dialect.wrap(data);
        expect(receive(dialect, dialect.frame([unit], line), line)).toEqual([
          { type: "event", nsp: "/", args: ["message", data] },
        ]);
        expect(dialect.describe(unit).type).toBe("message");
        expect(dialect.decoder(LIMITS).pending).toBe(false);
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });
});
