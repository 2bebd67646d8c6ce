/**
 * Before 1.0: the parsers of the original servers and clients read what we
 * write, and we read what they write. Where the old packages are not installed,
 * the recordings of what they wrote stand for them (test/vectors).
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LINES } from "../../src/dialects/dialect.js";
import { v06, v09 } from "../../src/dialects/index.js";
import type { Packet } from "../../src/dialects/packet.js";
import {
  eventName,
  json,
  list,
  LIMITS,
  nsp,
  PROPERTY_RUNS,
  receive,
  text,
} from "./support.js";

const require = createRequire(import.meta.url);

/** A packet as the originals of 0.7 to 0.9 have it. */
interface OldPacket {
  type: string;
  endpoint?: string;
  id?: string;
  ack?: true | "data";
  name?: string;
  args?: unknown[];
  data?: unknown;
  ackId?: string;
  qs?: string;
}

interface OldParser {
  encodePacket(packet: OldPacket): string;
  decodePacket(text: string): OldPacket;
  encodePayload(packets: string[]): string;
  decodePayload(text: string): OldPacket[];
}

interface Frames {
  encode(messages: unknown): string;
  decode(payload: string): string[];
}

/** `undefined`: the package is not installed. */
function find(path: string): string | undefined {
  try {
    return require.resolve(path);
  } catch {
    return undefined;
  }
}

/** The clients' parsers are scripts of a page. */
function parserOfPage(file: string): OldParser {
  const io = {
    JSON,
    util: { indexOf: (all: unknown[], one: unknown) => all.indexOf(one) },
    parser: undefined,
  };
  runInNewContext(readFileSync(file, "utf8"), { io });
  return io.parser as unknown as OldParser;
}

/** What is all the same in JSON is the same. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

const dialect = v09();
const endpoint = nsp.map((nsp) => (nsp === "/" ? "" : nsp));
const asked = fc.oneof(
  fc.constant({}),
  fc.record({
    id: fc.integer({ min: 1 }).map(String),
    ack: fc.constantFrom<(true | "data")[]>(true, "data"),
  }),
);

/** Text that 0.7 reads, too, and that goes as it is. */
const line = text(true).filter((text) => !/[\n\r\u2028\u2029]/.test(text));

const oldPacket: fc.Arbitrary<OldPacket> = fc.oneof(
  fc
    .record({ endpoint, asked, data: line })
    .map(({ asked, ...rest }) => ({ type: "message", ...rest, ...asked })),
  fc
    .record({
      endpoint,
      asked,
      data: json.filter((v) => typeof v !== "string"),
    })
    .map(({ asked, ...rest }) => ({ type: "json", ...rest, ...asked })),
  fc
    .record({
      endpoint,
      asked,
      name: eventName.filter((name) => name !== "message"),
      args: list(json),
    })
    .map(({ asked, ...rest }) => ({ type: "event", ...rest, ...asked })),
  fc
    .record({
      endpoint,
      ackId: fc.nat().map(String),
      args: list(json),
    })
    .map((rest) => ({ type: "ack", ...rest })),
  fc.record({
    type: fc.constantFrom("connect", "disconnect"),
    endpoint: endpoint.filter((name) => name !== ""),
  }),
  fc.constantFrom({ type: "heartbeat" }, { type: "noop" }),
);

describe.each([
  ["the server of 0.7", "sio07/lib/parser.js"],
  ["the server of 0.8", "sio08/lib/parser.js"],
  ["the server of 0.9", "sio09/lib/parser.js"],
  ["the client of 0.7", "sioc07/lib/parser.js"],
  ["the client of 0.8", "sioc08/lib/parser.js"],
  ["the client of 0.9", "sioc09/lib/parser.js"],
])("%s", (name, path) => {
  const file = find(path);
  const load = (file: string) =>
    name.includes("client") ? parserOfPage(file) : (require(file) as OldParser);

  test.skipIf(file === undefined)("packets, both ways", () => {
    const parser = load(file ?? "");
    fc.assert(
      fc.property(oldPacket, (packet) => {
        const theirs = parser.encodePacket(packet);
        const item = dialect.decoder(LIMITS).push(theirs);
        const [ours] = item ? dialect.encode(item) : [];
        const read = parser.decodePacket(String(ours));
        expect(plain(read)).toMatchObject(plain(packet) as object);
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });

  test.skipIf(file === undefined)("payloads, both ways", () => {
    const parser = load(file ?? "");
    const texts = fc.array(line, { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(texts, (texts) => {
        const theirs = parser.encodePayload(
          texts.map((data) => parser.encodePacket({ type: "message", data })),
        );
        const units = texts.flatMap((text) => dialect.encode(message(text)));
        expect(dialect.frame(units, LINES.pollingText)).toEqual([theirs]);
        expect(receive(dialect, [theirs], LINES.pollingText)).toEqual(
          texts.map(message),
        );
        expect(parser.decodePayload(theirs).map(({ data }) => data)).toEqual(
          texts,
        );
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });
});

describe("0.6", () => {
  const file = find("sio06/lib/socket.io/utils.js");

  test.skipIf(file === undefined)("messages, both ways", () => {
    const frames = require(file ?? "") as Frames;
    const value = fc.oneof(
      text(),
      fc.dictionary(text(), json, { noNullPrototype: true }),
    );
    const dialect = v06();
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), (values) => {
        const units = values.flatMap((value) => dialect.encode(message(value)));
        const [ours] = dialect.frame(units, LINES.pollingText);
        expect(frames.decode(String(ours)).map(meaning)).toEqual(
          values.map(plain),
        );
        // They have no way to say these.
        fc.pre(
          !values.some(
            (value) => typeof value === "string" && /^~[hj]~/.test(value),
          ),
        );
        expect(
          receive(dialect, [frames.encode(values)], LINES.pollingText),
        ).toEqual(values.map((value) => plain(message(value))));
      }),
      { numRuns: PROPERTY_RUNS },
    );
  });
});

function message(value: unknown): Packet {
  return { type: "event", nsp: "/", args: ["message", value] };
}

/** What clients of 0.6 make of a message. */
function meaning(message: string): unknown {
  return message.startsWith("~j~") ? JSON.parse(message.slice(3)) : message;
}
