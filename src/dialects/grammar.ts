/**
 * What the dialects of Engine.IO 3 and 4 share: packets become messages by way
 * of {@link RawPacket} and a grammar, text or the application's own. The few
 * words that differ are {@link Words}.
 *
 * One grammar serves both ends, so a `connect` packet is read alike from a
 * client (which says `auth`) and from a server (which says `sid`): `auth` is
 * what was said, as it was; `sid` and `pid` are taken from it where they are
 * strings. Each end looks at its own fields.
 */
import { customReader, writeWith, type PacketReader } from "./custom.js";
import type {
  DecodedListener,
  Decoder,
  DialectOptions,
  Dialect,
  RawPacket,
} from "./dialect.js";
import { MESSAGE, readSignal, broken, writeSignal } from "./engine.js";
import { type Limits, type Packet, type Signal, type Unit } from "./packet.js";
import {
  ACK,
  BINARY,
  check,
  CONNECT,
  CONNECT_ERROR,
  DISCONNECT,
  EVENT,
  malformed,
  isEventArgs,
  type Unchecked,
} from "./raw.js";
import { Reader, readJSON, write } from "./text.js";

type Of<T extends Packet["type"]> = Extract<Packet, { type: T }>;

/** Where the generations differ in their Socket.IO packets. */
export interface Words {
  writeConnect(packet: Of<"connect">): Pick<RawPacket, "nsp" | "data">;
  readConnect(nsp: string, data: unknown): Of<"connect">;
  /** The data of a refusal. */
  writeRefusal(packet: Of<"refuse">): unknown;
  /** `undefined`: no refusal looks like this. */
  readRefusal(
    data: unknown,
  ): Pick<Of<"refuse">, "message" | "data"> | undefined;
  /** The recovery offset goes after the arguments. */
  offsets: boolean;
  /** The namespace of any packet but `connect`. */
  nsp(nsp: string): string;
  /** A chunk of a packet as a message of the engine. */
  readonly wrap: (chunk: Unit) => Unit;
  /** The bytes of a binary message. */
  unwrap(unit: Uint8Array): Uint8Array;
}

/** @default of `maxAttachments`, as in socket.io-parser 4.2.7 */
const MAX_ATTACHMENTS = 10;

export function grammar(
  words: Words,
  {
    maxAttachments = MAX_ATTACHMENTS,
    parser,
    bytes,
    stringify,
  }: DialectOptions,
  escape?: (json: string) => string,
): Pick<Dialect, "encode" | "decoder" | "wrap"> {
  const { wrap } = words;
  const encoder = parser && new parser.Encoder();
  const options = {
    maxAttachments,
    stringify: escape
      ? (data: unknown) => escape((stringify ?? JSON.stringify)(data))
      : stringify,
  };
  return {
    wrap,
    encode(item) {
      if (!isPacket(item)) return writeSignal(item);
      const raw = toRaw(item, words);
      const chunks = encoder ? writeWith(encoder, raw) : write(raw, options);
      return chunks.map(wrap);
    },
    decoder: (limits) =>
      new MessageDecoder(
        words,
        limits,
        parser ? customReader(parser, bytes) : new Reader(limits, bytes),
      ),
  };
}

class MessageDecoder implements Decoder {
  constructor(
    private readonly words: Words,
    private readonly limits: Limits,
    private readonly reader: PacketReader,
  ) {}

  get pending(): boolean {
    return this.reader.pending;
  }

  listen({ packet, failed }: DecodedListener): void {
    this.reader.listen?.((raw) => {
      try {
        // A field without a value is null in msgpack and its like.
        const { type, nsp, id, data }: Unchecked = raw ?? {};
        packet(
          fromRaw(
            check({ type, nsp, id: id ?? undefined, data: data ?? undefined }),
            this.words,
          ),
        );
      } catch (error) {
        // Nothing that a peer sent may end up in the application's own timers.
        failed(error);
      }
    }, failed);
  }

  destroy(): void {
    this.reader.destroy?.();
  }

  push(unit: Unit): Packet | Signal | undefined {
    const { reader, words } = this;
    if (unit.length > this.limits.maxPayload) throw broken("message too large");
    let raw: RawPacket | undefined;
    if (typeof unit !== "string") {
      raw = reader.add(words.unwrap(unit));
    } else if (!unit.startsWith(MESSAGE)) {
      return readSignal(unit);
    } else if (
      // The way of most packets: an event of the root namespace, no ack.
      unit.startsWith("2[", 1) &&
      !reader.pending
    ) {
      const args = readJSON(unit, 2);
      if (isEventArgs(args)) return event("/", args);
      throw malformed();
    } else {
      raw = reader.add(unit, 1);
    }
    return raw && fromRaw(raw, words);
  }
}

/** Whether it concerns the application, so that it travels inside a message. */
function isPacket(item: Packet | Signal): item is Packet {
  return "nsp" in item && item.type !== "receipt";
}

function toRaw(item: Packet, words: Words): RawPacket {
  switch (item.type) {
    case "event": {
      const { nsp, args, id, offset } = item;
      const data =
        words.offsets && offset !== undefined ? [...args, offset] : args;
      return { type: EVENT, nsp, data, id };
    }
    case "ack":
      return { type: ACK, nsp: item.nsp, data: item.args, id: item.id };
    case "connect":
      return { type: CONNECT, ...words.writeConnect(item) };
    case "leave":
      return { type: DISCONNECT, nsp: item.nsp };
    case "refuse":
      return {
        type: CONNECT_ERROR,
        nsp: item.nsp,
        data: words.writeRefusal(item),
      };
  }
}

function fromRaw({ type, nsp, data, id }: RawPacket, words: Words): Packet {
  if (type === CONNECT) return words.readConnect(nsp, data);
  nsp = words.nsp(nsp);
  if (type === DISCONNECT) return { type: "leave", nsp };
  if (type === CONNECT_ERROR) {
    const refusal = words.readRefusal(data);
    if (refusal) return { type: "refuse", nsp, ...refusal };
  } else if (type === EVENT || type === EVENT + BINARY) {
    return event(nsp, data as [string, ...unknown[]], id);
  } else if (id !== undefined) {
    return { type: "ack", nsp, id, args: data as unknown[] };
  }
  throw malformed();
}

function event(nsp: string, args: [string, ...unknown[]], id?: number): Packet {
  // A peer may name an event by a number.
  args[0] = String(args[0]);
  return id === undefined
    ? { type: "event", nsp, args }
    : { type: "event", nsp, args, id };
}
