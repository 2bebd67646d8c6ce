/**
 * The parsers that the official clients of each generation bring along, found
 * the way those clients find them.
 */
import { createRequire } from "node:module";

const here = createRequire(import.meta.url);

/** `deps("sioc2", "engine.io-client", "engine.io-parser")`: the last, as the one before sees it. */
function deps(...chain: string[]): unknown {
  let require = here;
  for (const name of chain.slice(0, -1))
    require = createRequire(require.resolve(name));
  return require(chain[chain.length - 1]);
}

/** A packet of Engine.IO, as the official parsers have it. */
export interface EnginePacket {
  type: string;
  data?: string | Uint8Array;
}

/** engine.io-parser 1 and 2: Engine.IO 3. */
export interface EngineParser3 {
  encodePacket(
    packet: EnginePacket,
    supportsBinary: boolean,
    utf8: boolean,
    done: (encoded: string | Buffer) => void,
  ): void;
  decodePacket(data: string | Buffer): EnginePacket;
  encodePayload(
    packets: EnginePacket[],
    supportsBinary: boolean,
    done: (payload: string | Buffer) => void,
  ): void;
  decodePayload(
    payload: string | Buffer,
    each: (packet: EnginePacket) => void,
  ): void;
}

/** engine.io-parser 4 and 5: Engine.IO 4. */
export interface EngineParser4 {
  encodePacket(
    packet: EnginePacket,
    supportsBinary: boolean,
    done: (encoded: string | Buffer) => void,
  ): void;
  decodePacket(data: string | Buffer): EnginePacket;
  encodePayload(packets: EnginePacket[], done: (payload: string) => void): void;
  decodePayload(payload: string): EnginePacket[];
}

/** socket.io-parser 2 and 3, which answer by a callback, and 4, which returns. */
export interface SocketParser {
  Encoder: new () => {
    encode(packet: object, done?: (chunks: unknown[]) => void): unknown[];
  };
  Decoder: new () => {
    on(
      event: "decoded",
      listener: (packet: {
        type: number;
        nsp: string;
        data: unknown;
        id?: number;
      }) => void,
    ): void;
    add(chunk: unknown): void;
  };
}

export const engine1 = deps(
  "sioc1",
  "engine.io-client",
  "engine.io-parser",
) as EngineParser3;
export const engine2 = deps(
  "sioc2",
  "engine.io-client",
  "engine.io-parser",
) as EngineParser3;
export const engine5 = deps("engine.io-parser") as EngineParser4;

export const socket1 = deps("sioc1", "socket.io-parser") as SocketParser;
export const socket2 = deps("sioc2", "socket.io-parser") as SocketParser;
export const socket4 = deps("socket.io-parser") as SocketParser;

/** What a generation's parser makes of chunks. */
export function decodeWith(parser: SocketParser, chunks: unknown[]): object[] {
  const decoder = new parser.Decoder();
  const packets: object[] = [];
  decoder.on("decoded", ({ type, nsp, data, id }) =>
    // Before 4.0 a packet keeps the type that says how it was written.
    packets.push({ type: type > 4 ? type - 3 : type, nsp, data, id }),
  );
  for (const chunk of chunks) decoder.add(chunk);
  return packets;
}

/** What a generation's parser makes of a packet, whichever way it answers. */
export function encodeWith(parser: SocketParser, packet: object): unknown[] {
  let chunks: unknown[] | undefined;
  const returned = new parser.Encoder().encode(packet, (encoded) => {
    chunks = encoded;
  });
  return chunks ?? returned;
}
