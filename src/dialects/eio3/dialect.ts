/**
 * Engine.IO 3 with Socket.IO protocols 3 and 4: Socket.IO 1 and 2.
 *
 * Three kinds of text go by the name `EIO=3`, and nobody announces which: 1.0
 * writes UTF-8 inside of text everywhere, 1.1 to 1.7 in payloads of text only,
 * 2.x nowhere. What we write is read alike by all, as JSON is kept to ASCII
 * (namespaces and bare messages of the engine cannot be). What we read is taken
 * for UTF-8 inside of text where it can hardly be anything else: each character
 * is a byte, and the bytes are valid. So `Ã©`, typed as such to a 2.x client
 * that polls, arrives as `é`.
 */
import { base64 as portable } from "../base64.js";
import type { Dialect, DialectOptions } from "../dialect.js";
import { broken, describe, MESSAGE, MESSAGE_ID } from "../engine.js";
import { grammar, type Words } from "../grammar.js";
import type { Unit } from "../packet.js";
import {
  readBinaryPayload,
  readTextPayload,
  writeBinaryPayload,
  writeTextPayload,
} from "./payload.js";
import { isRecord, textOf } from "../raw.js";
import { escapeJSON, fromByteString } from "./utf8.js";

/** How text is written and read; texts.ts has the kinds that a server may be told of. */
export interface Text {
  /** Rewrites JSON, to values that are the same. */
  json?(this: void, json: string): string;
  /** On lines where this generation encodes text. */
  write?(this: void, packet: string): string;
  read?(this: void, packet: string): string;
  /** On every line, not only in payloads of text. */
  everywhere?: boolean;
}

/** Written so that all can read it, read by what each message looks like. */
const AUTO: Text = { json: escapeJSON, read: fromByteString };

export interface Eio3Options extends DialectOptions {
  /** @default one that serves Socket.IO 1.1 to 2.x */
  text?: Text;
}

const words: Words = {
  writeConnect({ nsp, auth, sid }) {
    const said = sid === undefined && isRecord(auth) ? auth : {};
    const query = new URLSearchParams(
      Object.entries(said).map(([name, value]) => [name, String(value)]),
    ).toString();
    return { nsp: query ? nsp + "?" + query : nsp };
  },
  readConnect(nsp) {
    const query = nsp.slice(words.nsp(nsp).length);
    return {
      type: "connect",
      nsp: words.nsp(nsp),
      auth: query ? Object.fromEntries(new URLSearchParams(query)) : undefined,
    };
  },
  writeRefusal: ({ message, data }) => data ?? message,
  readRefusal: (data) =>
    typeof data === "string"
      ? { message: data }
      : { message: (isRecord(data) && textOf(data.message)) || "", data },
  offsets: false,
  nsp: (nsp) => nsp.replace(/\?.*/s, ""),
  wrap: (chunk) =>
    typeof chunk === "string" ? MESSAGE + chunk : typed(MESSAGE_ID, chunk),
  unwrap(unit) {
    if (unit[0] !== MESSAGE_ID) throw broken("bytes that are no message");
    return unit.subarray(1);
  },
};

function typed(type: number, data: Uint8Array): Uint8Array {
  const unit = new Uint8Array(data.length + 1);
  unit[0] = type;
  unit.set(data, 1);
  return unit;
}

const same = (packet: string) => packet;

/**
 * Clients of 1.x in browsers read text by a call with an argument for each
 * character, which overflows at some 100,000; their own servers never sent
 * them text.
 */
const LONG = 32_768;

function isLong(units: readonly Unit[]): boolean {
  return units.reduce((length, unit) => length + unit.length, 0) > LONG;
}

export const eio3 = (options: Eio3Options = {}): Dialect => {
  const { base64 = portable, text = AUTO } = options;
  const { json, write: encode = same, read: decode = same, everywhere } = text;

  const write = (unit: Unit, encoded = everywhere) =>
    typeof unit !== "string"
      ? "b" + unit[0] + base64.encode(unit.subarray(1))
      : encoded
        ? encode(unit)
        : unit;
  const plain = (packet: string): Unit =>
    packet[0] === "b"
      ? typed(Number(packet[1]), base64.decode(packet.slice(2)))
      : packet;
  const encoded = (packet: string) => plain(decode(packet));

  return {
    name: "eio3",
    protocol: 3,
    can: {
      namespaces: true,
      acks: true,
      binary: true,
      events: true,
      wrapping: true,
    },
    link: { beat: { from: "client" }, root: "implicit" },
    ...grammar(words, options, json),
    frame(units, line) {
      if (!line.batch)
        return units.map((unit) =>
          line.binary && typeof unit !== "string" ? unit : write(unit),
        );
      return [
        line.binary &&
        (units.some((unit) => typeof unit !== "string") || isLong(units))
          ? writeBinaryPayload(units)
          : writeTextPayload(units.map((unit) => write(unit, true))),
      ];
    },
    unframe(frame, line) {
      if (typeof frame !== "string")
        return line.batch ? readBinaryPayload(frame, plain) : [frame];
      if (line.batch) return readTextPayload(frame, encoded);
      return [everywhere ? encoded(frame) : plain(frame)];
    },
    describe,
    /** A payload; on a WebSocket both generations greet alike. */
    recognises(frame) {
      if (typeof frame === "string") return /^\d+:0\{/.test(frame);
      const at = frame.indexOf(255) + 1;
      return frame[0] === 0 && frame[at] === 0x30 && frame[at + 1] === 0x7b;
    },
  };
};
