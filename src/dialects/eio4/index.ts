/** Engine.IO 4 with Socket.IO protocol 5, spoken by Socket.IO 3 and 4. */
import { base64 as portable } from "../base64.js";
import type {
  DialectFactory,
  DialectOptions,
  HostedDialect,
  LinkPolicy,
} from "../dialect.js";
import { door } from "../door.js";
import { suspicious } from "./misnamed.js";
import { broken, describe, MESSAGE } from "../engine.js";
import { engineLink } from "../engine-link.js";
import { grammar, type Words } from "../grammar.js";
import type { Unit } from "../packet.js";
import { isRecord, textOf } from "../raw.js";

/** Between the packets of a payload. No JSON has it unescaped. */
const SEPARATOR = "\x1e";

const words: Words = {
  writeConnect: ({ nsp, auth, sid, pid, offset }) => ({
    nsp,
    data: sid === undefined ? auth : { sid, pid, offset },
  }),
  readConnect(nsp, data) {
    const { sid, pid, offset } = isRecord(data) ? data : {};
    return {
      type: "connect",
      nsp,
      auth: data,
      sid: textOf(sid),
      pid: textOf(pid),
      offset: textOf(offset),
    };
  },
  writeRefusal: ({ message, data }) => ({ message, data }),
  readRefusal(said) {
    if (isRecord(said))
      return { message: textOf(said.message) ?? "", data: said.data };
    return typeof said === "string" ? { message: said } : undefined;
  },
  offsets: true,
  nsp: (nsp) => nsp,
  wrap: (chunk) => (typeof chunk === "string" ? MESSAGE + chunk : chunk),
  unwrap: (unit) => unit,
};

export const eio4: DialectFactory = (options = {}) => {
  const { base64 = portable } = options;
  const write = (unit: Unit) =>
    typeof unit === "string" ? unit : "b" + base64.encode(unit);
  const read = (text: string): Unit => {
    if (!text) throw broken("empty packet");
    return text[0] === "b" ? base64.decode(text.slice(1)) : text;
  };
  return {
    name: "eio4",
    protocol: 4,
    can: {
      namespaces: true,
      acks: true,
      binary: true,
      events: true,
      wrapping: true,
    },
    link: { beat: { from: "server" }, root: "asked" },
    ...grammar(words, options),
    frame(units, line) {
      if (line.batch) return [units.map(write).join(SEPARATOR)];
      return line.binary ? units.slice() : units.map(write);
    },
    unframe(frame, line) {
      if (!line.batch) return [typeof frame === "string" ? read(frame) : frame];
      if (typeof frame !== "string")
        throw broken("bytes in place of a payload");
      return frame.split(SEPARATOR).map(read);
    },
    describe: (unit) =>
      typeof unit === "string"
        ? describe(unit)
        : { type: "message", data: unit },
    recognises: (frame) => typeof frame === "string" && frame.startsWith("0{"),
  };
};

const link: LinkPolicy = {
  ...engineLink,
  beat: { from: "server", reply: "pong", counted: false, onPolls: true },
  root: "asked",
  socketId: "fresh",
  binaryPosts: false,
  recovery: true,
};

export const hostedEio4 = (options?: DialectOptions): HostedDialect => ({
  ...eio4(options),
  generations: ["4.x", "3.x"],
  misnamed: "1.x",
  door: suspicious(door((version) => version === "4", false)),
  link,
});
