/**
 * Against the parsers of the official clients 1.7, 2.5 and 4.8: what we write,
 * they read, and what they write, we read, on every line.
 */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Dialect, type Line, LINES } from "../../src/dialects/dialect.js";
import { eio3, eio4 } from "../../src/dialects/index.js";
import type { Packet, Unit } from "../../src/dialects/packet.js";
import {
  decodeWith,
  encodeWith,
  engine1,
  engine2,
  engine5,
  type EnginePacket,
  type EngineParser3,
  type SocketParser,
  socket1,
  socket2,
  socket4,
} from "./peers.js";
import {
  ackId,
  asBuffer,
  buffers,
  countBytes,
  eventName,
  list,
  nsp,
  PROPERTY_RUNS,
  receive,
} from "./support.js";

/** A client's two parsers, as one thing that writes to lines and reads from them. */
interface Peer {
  write(messages: (string | Buffer)[], line: Line): Unit[];
  read(frames: Unit[], line: Line): unknown[];
  parser: SocketParser;
}

const node = (unit: Unit) => (typeof unit === "string" ? unit : asBuffer(unit));
const message = (data: string | Buffer): EnginePacket => ({
  type: "message",
  data,
});

function dataOf(packet: EnginePacket): unknown {
  expect(packet.type).toBe("message");
  return packet.data;
}

function peer3(engine: EngineParser3, parser: SocketParser): Peer {
  return {
    parser,
    write(messages, line) {
      const frames: Unit[] = [];
      const add = (frame: Unit) => frames.push(frame);
      const packets = messages.map(message);
      if (line.batch) engine.encodePayload(packets, line.binary, add);
      else
        for (const packet of packets)
          engine.encodePacket(packet, line.binary, false, add);
      return frames;
    },
    read(frames, line) {
      const packets: EnginePacket[] = [];
      for (const frame of frames.map(node)) {
        if (line.batch) engine.decodePayload(frame, (p) => packets.push(p));
        else packets.push(engine.decodePacket(frame));
      }
      return packets.map(dataOf);
    },
  };
}

const peer4: Peer = {
  parser: socket4,
  write(messages, line) {
    const frames: Unit[] = [];
    const add = (frame: Unit) => frames.push(frame);
    const packets = messages.map(message);
    if (line.batch) engine5.encodePayload(packets, add);
    else
      for (const packet of packets)
        engine5.encodePacket(packet, line.binary, add);
    return frames;
  },
  read(frames, line) {
    return frames
      .map(node)
      .flatMap((frame) =>
        line.batch
          ? engine5.decodePayload(String(frame))
          : [engine5.decodePacket(frame)],
      )
      .map(dataOf);
  },
};

const peer1 = peer3(engine1, socket1);
const peer2 = peer3(engine2, socket2);

/** Random arguments with bytes in them, as an event or an ack. */
const packet = fc
  .record({
    nsp,
    name: fc.option(eventName),
    args: list(buffers),
    id: ackId,
    asks: fc.boolean(),
  })
  .map(({ nsp, name, args, id, asks }): Packet =>
    name === null
      ? { type: "ack", nsp, id, args }
      : {
          type: "event",
          nsp,
          args: [name, ...args],
          ...(asks && { id }),
        },
  );

interface Official {
  type: number;
  nsp: string;
  data: unknown;
  id?: number;
}

/** The same in the words of socket.io-parser. */
function official(packet: Packet): Official {
  if (packet.type !== "event" && packet.type !== "ack")
    throw new Error("events and acks only");
  const { type, nsp, args: data, id } = packet;
  return {
    type: type === "event" ? 2 : 3,
    nsp,
    data,
    ...(id !== undefined && { id }),
  };
}

const nodeBytes = { bytes: asBuffer };

describe.each<[string, Dialect, Peer]>([
  ["4.8", eio4(nodeBytes), peer4],
  ["2.5", eio3(nodeBytes), peer2],
  ["2.5, told so", eio3({ ...nodeBytes, text: "2.x" }), peer2],
  ["1.7", eio3(nodeBytes), peer1],
  ["1.7, told so", eio3({ ...nodeBytes, text: "1.x" }), peer1],
])("the parsers of %s", (name, dialect, peer) => {
  describe.each(Object.entries(LINES))("on %s", (_, line) => {
    test("read what we write", () => {
      fc.assert(
        fc.property(
          fc.array(packet, { minLength: 1, maxLength: 4 }),
          (sent) => {
            // Names of namespaces are not JSON, so they cannot be kept to ASCII.
            fc.pre(name !== "1.7" || !line.batch || sent.every(hasPlainName));
            const units = sent.flatMap((item) => dialect.encode(item));
            const chunks = peer.read(dialect.frame(units, line), line);
            expect(decodeWith(peer.parser, chunks)).toEqual(sent.map(official));
          },
        ),
        { numRuns: PROPERTY_RUNS / 5 },
      );
    });

    test("write what we read", () => {
      fc.assert(
        fc.property(packet, (sent) => {
          const raw = official(sent);
          // Before 4.0, whoever sends says whether there are bytes.
          if (peer !== peer4 && countBytes(sent)) raw.type += 3;
          const chunks = encodeWith(peer.parser, { ...raw });
          const frames = peer.write(chunks as (string | Buffer)[], line);
          // The price of guessing, see eio3.ts.
          fc.pre(name !== "2.5" || !line.batch || !misleads(chunks));
          expect(receive(dialect, frames, line)).toEqual([sent]);
        }),
        { numRuns: PROPERTY_RUNS / 5 },
      );
    });
  });
});

function hasPlainName({ nsp }: Packet): boolean {
  return /^[\0-\x7f]*$/.test(nsp);
}

/** Whether a text could be UTF-8 inside of text. */
function misleads(chunks: unknown[]): boolean {
  return (
    typeof chunks[0] === "string" &&
    /^[\0-\xff]*$/.test(chunks[0]) &&
    /[\xc2-\xf4][\x80-\xbf]/.test(chunks[0])
  );
}
