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
import { base64 as portable } from "./base64.js";
import type { Dialect, DialectOptions } from "./dialect.js";
import { broken, describe, MESSAGE, MESSAGE_ID } from "./engine.js";
import { grammar, type Words } from "./grammar.js";
import type { Unit } from "./packet.js";
import {
  readBinaryPayload,
  readTextPayload,
  writeBinaryPayload,
  writeTextPayload,
} from "./payload3.js";
import { isRecord, textOf } from "./raw.js";
import { escapeJSON, fromByteString, toByteString } from "./utf8.js";

export interface Eio3Options extends DialectOptions {
  /**
   * The text of the other end: that of Socket.IO 1.0, of 1.1 to 1.7, or of 2.x.
   * @default "auto": written so that all can read it, read by what each message looks like
   */
  text?: "auto" | "1.0" | "1.x" | "2.x";
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
  wrap(chunk) {
    if (typeof chunk === "string") return MESSAGE + chunk;
    const unit = new Uint8Array(chunk.length + 1);
    unit[0] = MESSAGE_ID;
    unit.set(chunk, 1);
    return unit;
  },
  unwrap(unit) {
    if (unit[0] !== MESSAGE_ID) throw broken("bytes that are no message");
    return unit.subarray(1);
  },
};

export const eio3 = (options: Eio3Options = {}): Dialect => {
  const { base64 = portable, text = "auto" } = options;
  /** UTF-8 inside of text: wherever there is text, or in payloads only. */
  const bytesInText = text === "1.0";
  const bytesInPayloads = bytesInText || text === "1.x";

  const write = (unit: Unit, encoded: boolean) =>
    typeof unit !== "string"
      ? "b" + unit[0] + base64.encode(unit.subarray(1))
      : encoded
        ? toByteString(unit)
        : unit;
  const plain = (packet: string): Unit => {
    if (!packet.startsWith("b")) return packet;
    const data = base64.decode(packet.slice(2));
    const unit = new Uint8Array(data.length + 1);
    unit[0] = Number(packet[1]);
    unit.set(data, 1);
    return unit;
  };
  const guessed = (packet: string) => plain(fromByteString(packet));

  return {
    name: "eio3",
    protocol: 3,
    can: { namespaces: true, acks: true, binary: true, events: true },
    link: {
      beat: { from: "client", reply: "pong", counted: false, onPolls: true },
      pollFor: Infinity,
      // Between polls the heartbeat decides.
      grace: { stream: 0, polls: Infinity },
      claim: 0,
      change: "probe",
      root: "implicit",
      socketId: "session",
      binaryPosts: true,
      recovery: false,
    },
    ...grammar(words, options, text === "2.x" ? undefined : escapeJSON),
    frame(units, line) {
      if (!line.batch)
        return units.map((unit) =>
          line.binary && typeof unit !== "string"
            ? unit
            : write(unit, bytesInText),
        );
      return [
        line.binary && units.some((unit) => typeof unit !== "string")
          ? writeBinaryPayload(units)
          : writeTextPayload(units.map((unit) => write(unit, bytesInPayloads))),
      ];
    },
    unframe(frame, line) {
      if (typeof frame !== "string")
        return line.batch ? readBinaryPayload(frame, plain) : [frame];
      if (line.batch)
        return readTextPayload(frame, text === "2.x" ? plain : guessed);
      return [bytesInText ? guessed(frame) : plain(frame)];
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
