/** Rows about requests that are refused with one of Engine.IO's codes. */
import { OLD_POLL, plain, POLL, post, SOCKET, type Row } from "./row.js";
import { switched } from "./stream.js";

export const forbidding = {
  allowRequest: (
    _: unknown,
    decide: (error: string | null, allowed: boolean) => void,
  ) => decide("not today: é", false),
};

export const REFUSING: readonly Row[] = [
  {
    name: "0: another transport",
    run: plain("/socket.io/?EIO=4&transport=pigeon"),
  },
  { name: "0: no transport", run: plain("/socket.io/?EIO=4") },
  {
    name: "0: a name from Object.prototype",
    run: plain("/socket.io/?EIO=4&transport=constructor"),
  },
  {
    name: "0: a transport that is switched off",
    options: { transports: ["websocket"] },
    run: plain(POLL),
  },
  { name: "1: an unknown session", run: plain(`${POLL}&sid=unknown`) },
  { name: "1: a session named __proto__", run: plain(`${POLL}&sid=__proto__`) },
  { name: "2: a handshake by POST", run: plain(POLL, post("40")) },
  {
    name: "2: a handshake by OPTIONS",
    run: plain(POLL, { method: "OPTIONS" }),
  },
  {
    name: "3: TRANSPORT_HANDSHAKE_ERROR",
    run: plain(SOCKET),
  },
  {
    name: "3: TRANSPORT_MISMATCH",
    run: async (site) => {
      const socket = await switched(site.upgrade(SOCKET));
      const sid = /"sid":"([^"]+)"/.exec(String(socket.received()))?.[1] ?? "";
      const outcome = await plain(`${POLL}&sid=${sid}`)(site);
      socket.socket.destroy();
      return outcome;
    },
  },
  {
    name: "3: PROTOCOL_MISMATCH",
    options: { allowEIO3: true },
    run: async (site) => plain(`${OLD_POLL}&sid=${await site.greet()}`)(site),
  },
  {
    name: "3: ID_GENERATION_ERROR",
    run: (site) => {
      site.io.engine.generateId = () => {
        throw new Error("no more ids");
      };
      return plain(POLL)(site);
    },
  },
  {
    name: "3: MIDDLEWARE_FAILURE",
    run: (site) => {
      site.io.engine.use((_, __, next) => next(new Error("no")));
      return plain(POLL)(site);
    },
  },
  { name: "4: allowRequest says no", options: forbidding, run: plain(POLL) },
  {
    name: "4: allowRequest says no without a word",
    options: {
      allowRequest: (
        _: unknown,
        decide: (error: null, allowed: boolean) => void,
      ) => decide(null, false),
    },
    run: plain(POLL),
  },
  {
    name: "5: EIO3 is not let in",
    options: { allowEIO3: false },
    run: plain(OLD_POLL),
  },
  {
    name: "5: no EIO at all",
    options: { allowEIO3: false },
    run: plain("/socket.io/?transport=polling"),
  },
];
