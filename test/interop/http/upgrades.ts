/** Rows about requests for a WebSocket. */
import { within } from "../rig.js";
import { forbidding } from "./refusing.js";
import { SOCKET, type Row } from "./row.js";
import { masked, receives, switched } from "./stream.js";
import type { Site } from "./site.js";

/** The status, and whether the reason can be read in the body. */
const refused =
  (path: string, words: string, headers?: Record<string, string>) =>
  async (site: Site): Promise<unknown> => {
    const answer = await site.upgrade(path, headers).answer;
    return {
      status: answer.status,
      connection: answer.headers["connection"],
      says: String(answer.body).includes(words),
      reported: site.reported,
    };
  };

const right = (status: number, reported: object): object => ({
  status,
  connection: "close",
  says: true,
  reported: [reported],
});

export const UPGRADES: readonly Row[] = [
  {
    name: "a WebSocket session",
    run: async (site) => {
      const exchange = await switched(site.upgrade(SOCKET));
      const text = String(exchange.received());
      exchange.socket.destroy();
      const head = text.slice(0, text.indexOf("\r\n\r\n"));
      return {
        status: head.split(" ")[1],
        accept: /sec-websocket-accept: .*/i.exec(head)?.[0].toLowerCase(),
        extensions: /sec-websocket-extensions/i.test(head),
        cookie: /set-cookie/i.test(head),
        hello: text.slice(text.indexOf("0{")).replace(/"sid":"[^"]+"/, ""),
      };
    },
  },
  {
    name: "refused: another transport",
    run: refused("/socket.io/?EIO=4&transport=pigeon", "Transport unknown"),
  },
  {
    name: "refused: an unknown session",
    run: refused(`${SOCKET}&sid=unknown`, "Session ID unknown"),
  },
  {
    name: "refused: a middleware failed",
    run: (site) => {
      site.io.engine.use((_, __, next) => next(new Error("no")));
      return refused(SOCKET, "Bad request")(site);
    },
  },
  {
    name: "refused: allowRequest says no",
    options: forbidding,
    run: refused(SOCKET, "not today: é"),
    better: right(403, {
      code: 4,
      message: "Forbidden",
      name: undefined,
    }),
  },
  {
    name: "refused: EIO3 is not let in",
    options: { allowEIO3: false },
    run: refused(
      "/socket.io/?EIO=3&transport=websocket",
      "Unsupported protocol version",
    ),
    better: right(400, {
      code: 5,
      message: "Unsupported protocol version",
      name: undefined,
    }),
  },
  {
    name: "refused: no id to give",
    run: (site) => {
      site.io.engine.generateId = () => {
        throw new Error("no more ids");
      };
      return refused(SOCKET, "Bad request")(site);
    },
    better: right(400, {
      code: 3,
      message: "Bad request",
      name: "ID_GENERATION_ERROR",
    }),
  },
  {
    name: "refused: not a WebSocket handshake",
    run: async (site) => {
      const answer = await site.upgrade(SOCKET, {
        "Sec-WebSocket-Version": "9",
      }).answer;
      return answer.status >= 400 && answer.status < 500;
    },
  },
  {
    name: "a second upgrade of one session is accepted and closed",
    run: async (site) => {
      const path = `${SOCKET}&sid=${await site.greet()}`;
      const first = await switched(site.upgrade(path), 0);
      first.socket.write(masked("2probe"));
      await receives(first, "3probe");
      const second = await switched(site.upgrade(path), 2);
      for (const { socket } of [first, second]) socket.destroy();
      const text = second.received();
      return {
        status: text.toString("latin1", 9, 12),
        frame: text.subarray(text.indexOf("\r\n\r\n") + 4).toString("hex"),
      };
    },
  },
  {
    name: "another path is ended after destroyUpgradeTimeout",
    options: { destroyUpgradeTimeout: 50 },
    run: async (site) => {
      const answer = await within(site.upgrade("/elsewhere").answer, "the end");
      return { status: answer.status, body: String(answer.body) };
    },
  },
];
