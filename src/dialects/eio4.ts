/** Engine.IO 4 with Socket.IO protocol 5: Socket.IO 3 and 4. */
import { base64 as portable } from "./base64.js";
import type { DialectFactory } from "./dialect.js";
import { door } from "./door.js";
import { broken, MESSAGE, TYPES } from "./engine.js";
import { grammar, type Words } from "./grammar.js";
import type { Unit } from "./packet.js";
import { isRecord } from "./raw.js";

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
      ...(data !== undefined && { auth: data }),
      ...(typeof sid === "string" && { sid }),
      ...(typeof pid === "string" && { pid }),
      ...(typeof offset === "string" && { offset }),
    };
  },
  writeRefusal: ({ message, data }) => ({ message, data }),
  readRefusal(said) {
    if (typeof said === "string") return { message: said };
    if (!isRecord(said)) return undefined;
    const { message, data } = said;
    return {
      message: typeof message === "string" ? message : "",
      ...(data !== undefined && { data }),
    };
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
  const read = (text: string): Unit =>
    text.startsWith("b") ? base64.decode(text.slice(1)) : text;
  return {
    name: "eio4",
    protocol: 4,
    can: { namespaces: true, acks: true, binary: true, events: true },
    door: door((version) => version === "4", false),
    link: {
      beat: { from: "server" },
      change: "probe",
      root: "asked",
      socketId: "fresh",
      binaryPosts: false,
      recovery: true,
    },
    ...grammar(words, options),
    frame(units, line) {
      if (line.batch) return [units.map(write).join(SEPARATOR)];
      return line.binary ? units.slice() : units.map(write);
    },
    unframe(frame, line) {
      if (!line.batch) return [typeof frame === "string" ? read(frame) : frame];
      if (typeof frame !== "string")
        throw broken("bytes in place of a payload");
      return readPayload(frame, read);
    },
    describe(unit) {
      if (typeof unit !== "string") return { type: "message", data: unit };
      const type = TYPES[Number(unit[0])] ?? "error";
      return unit.length > 1 ? { type, data: unit.slice(1) } : { type };
    },
    recognises: (frame) => typeof frame === "string" && frame.startsWith("0{"),
  };
};

/** Stops at the first empty packet, so that a payload of separators costs nothing. */
function readPayload(payload: string, read: (text: string) => Unit): Unit[] {
  const units: Unit[] = [];
  let start = 0;
  for (;;) {
    const at = payload.indexOf(SEPARATOR, start);
    const end = at < 0 ? payload.length : at;
    if (end === start) throw broken("empty packet");
    units.push(read(payload.slice(start, end)));
    if (at < 0) return units;
    start = at + 1;
  }
}
