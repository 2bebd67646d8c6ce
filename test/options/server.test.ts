/**
 * Every option of socket.io 4.8 and engine.io 6.6 in every kind of value that
 * programs give it, with both packages: what the reference takes and works with
 * is taken here and means the same, what it cannot work with may be refused.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { run, repository } from "../package/project.js";
import { outcomes, title, type Case, type Outcome } from "./table.js";

const VALUES = [undefined, null, true, false, "", "5000", Infinity, 0, {}];

/** Times and sizes: the reference computes with whatever it is given. */
const NUMBERS = [
  "connectTimeout",
  "pingTimeout",
  "pingInterval",
  "upgradeTimeout",
  "destroyUpgradeTimeout",
  "maxHttpBufferSize",
  "httpRequestBodyTimeout",
  "maxBufferedChunks",
];

const OPTIONS = [
  ...NUMBERS,
  "path",
  "serveClient",
  "adapter",
  "parser",
  "connectionStateRecovery",
  "cleanupEmptyChildNamespaces",
  "allowRequest",
  "transports",
  "allowUpgrades",
  "perMessageDeflate",
  "httpCompression",
  "wsEngine",
  "initialPacket",
  "cookie",
  "cors",
  "allowEIO3",
  "destroyUpgrade",
  "addTrailingSlash",
];

const cases: readonly Case[] = [
  ...OPTIONS.flatMap((name) => VALUES.map((value): Case => [name, value])),
  // What users of frameworks and of earlier versions write.
  ["cors", "*"],
  ["cors", { origin: "*" }],
  ["cors", { origin: true, credentials: true }],
  ["cors", { origin: ["http://page.example"] }],
  ["cors", { origin: "http://other.example" }],
  ["cookie", "io"],
  ["cookie", { name: "id", httpOnly: false }],
  ["cookie", { path: "/app", sameSite: "strict" }],
  ["serveClient", "true"],
  ["maxHttpBufferSize", "1e8"],
  ["transports", ["websocket"]],
  ["transports", ["polling"]],
  ["transports", []],
  ["transports", "websocket"],
  ["transports", ["websockets"]],
  ["path", "/chat"],
  ["path", "/chat/"],
  ["path", "chat"],
  ["httpCompression", { threshold: "1" }],
  ["perMessageDeflate", { threshold: 1 }],
  ["connectionStateRecovery", { maxDisconnectionDuration: Infinity }],
  ["connectionStateRecovery", { maxDisconnectionDuration: "120000" }],
];

/** Where a value that works means something else here, and why. */
const DIFFERENT: Readonly<Record<string, string>> = {
  "allowUpgrades: undefined": "undefined is the default, as for all options",
  'cors: "5000"': "a text is the origin that it names, not every origin",
  "pingInterval: undefined": "undefined is the default: no ping each ms",
  "pingInterval: null": "null is the default: no ping each ms",
  "maxHttpBufferSize: undefined": "undefined is the default, not no limit",
};

/** It lets clients in over what it serves, and they stay. */
function works(outcome: Outcome): boolean {
  if (!("polling" in outcome)) return false;
  const { polling, websocket } = outcome;
  return (
    [polling, websocket].includes("joins") &&
    [polling, websocket].every((how) => ["joins", "status 400"].includes(how))
  );
}

/** A text of a number means the number. */
function comparable(outcome: Outcome): unknown {
  if (!("handshake" in outcome) || !outcome.handshake) return outcome;
  const handshake = Object.fromEntries(
    Object.entries(outcome.handshake).map(([name, value]) => [
      name,
      typeof value === "string" ? Number(value) : value,
    ]),
  );
  return { ...outcome, handshake };
}

describe("options of the server", () => {
  let ours: readonly Outcome[] = [];
  let theirs: readonly Outcome[] = [];

  beforeAll(async () => {
    await run(repository, process.execPath, [
      "scripts/build.mjs",
      "--if-stale",
    ]);
    const entry = new URL("../../dist/index.js", import.meta.url).href;
    [ours, theirs] = await Promise.all([
      outcomes(entry, cases),
      outcomes("socket.io", cases),
    ]);
  }, 180_000);

  test.each(cases.map((one, index) => [title(one), index] as const))(
    "%s",
    (name, index) => {
      const [option, value] = cases[index];
      const [here, there] = [ours[index], theirs[index]];
      if ("refused" in here) {
        // One sentence that names the option; and the reference had no use for the value.
        expect(here.refused).toMatch(
          new RegExp(`^${option}\\S* must be [^\\n]+, but it is [^\\n]+$`),
        );
        const noNumber =
          NUMBERS.includes(option) && !(Number(value) > 0 && value !== true);
        const noPacket = option === "initialPacket";
        // The server's half of a client's mistake: polling cannot be asked for.
        const oneOfTwo = title(cases[index]) === 'transports: "websocket"';
        if (!noNumber && !noPacket && !oneOfTwo && value !== Infinity)
          expect(works(there)).toBe(false);
        return;
      }
      expect(works(here) || !works(there)).toBe(true);
      if (!works(there) || name in DIFFERENT) return;
      expect(comparable(here)).toEqual(comparable(there));
    },
  );

  test("the differences are still there", () => {
    for (const name of Object.keys(DIFFERENT)) {
      const index = cases.findIndex((one) => title(one) === name);
      expect(comparable(ours[index])).not.toEqual(comparable(theirs[index]));
    }
  });
});
