/** The dialects of servers before 1.0 as a client speaks them. */
import type { Dialect, DialectFactory } from "../../dialects/dialect.js";
import { eio3 } from "../../dialects/eio3/index.js";
import { eio4 } from "../../dialects/eio4/index.js";
import type { Packet, Signal } from "../../dialects/packet.js";
import { v06 } from "../../dialects/v06/index.js";
import { v09 } from "../../dialects/v09/index.js";

/** How long after its last heartbeat a server of 0.6 may be silent, in ms: longer than it holds a poll. */
const SILENCE = 15_000;

const old09: DialectFactory = (options) => forOldServer(v09(options));
const old06: DialectFactory = (options) =>
  forOldServer(v06({ ...options, greeted: true, heartbeatTimeout: SILENCE }));

/** All generations, in the order of trying. */
export const generations = {
  "4.x": eio4,
  "3.x": eio4,
  "2.x": eio3,
  "1.x": eio3,
  "0.9": old09,
  "0.8": old09,
  "0.7": old09,
  "0.6": old06,
};

function forOldServer(dialect: Dialect): Dialect {
  let warned = false;

  const warn = (item: Packet) => {
    if (warned) return;
    warned = true;
    console.warn(
      `This server's generation of Socket.IO has no words for some of what is sent to it, such as "${nameOf(item)}"; it was not sent. ` +
        (dialect.can.events
          ? "It knows no binary data."
          : "It knows no events but `message` with one value, and no acks."),
    );
  };

  return {
    ...dialect,
    encode(item) {
      // To such servers, whoever leaves the root leaves everything.
      if (item.type === "leave" && item.nsp === "/") return [];
      const units = dialect.encode(item);
      if (units.length === 0 && (item.type === "event" || item.type === "ack"))
        warn(item);
      return units;
    },
    decoder(limits) {
      const decoder = dialect.decoder(limits);
      return {
        get pending() {
          return decoder.pending;
        },
        push(unit) {
          const item = decoder.push(unit);
          return item && forSockets(item);
        },
      };
    },
  };
}

function forSockets(item: Packet | Signal): Packet | Signal {
  // The transport was chosen before the session began.
  if (item.type === "open")
    return { ...item, hello: { ...item.hello, upgrades: [] } };
  // The server's application said so, and does not want to see us again.
  if (item.type === "close") return { type: "leave", nsp: "/" };
  return item;
}

function nameOf(item: Packet): string {
  return item.type === "event" ? item.args[0] : item.type;
}
