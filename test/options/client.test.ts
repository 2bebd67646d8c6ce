/**
 * Every option of socket.io-client 4.8 and engine.io-client 6.6 in every kind of
 * value that programs give it, and the manager's setters, with both packages:
 * what the reference takes and works with is taken here and means the same,
 * what it cannot work with may be refused.
 */
import { beforeAll, describe, expect, test } from "vitest";
import { repository, run } from "../package/project.js";
import { encoded, outcomesOf } from "./table.js";

interface Case {
  readonly name: string;
  readonly value: unknown;
  /** The manager's method of that name is called. */
  readonly setter: boolean;
}

/** In the words of client-outcomes.mjs. */
interface Outcome {
  readonly refused?: string;
  readonly failed?: string;
  readonly state?: string;
  readonly answer?: unknown;
  readonly delays?: readonly [readonly number[], readonly number[]];
  readonly gaveUpAfter?: unknown;
}

const VALUES = [
  undefined,
  null,
  true,
  false,
  "",
  "5000",
  Infinity,
  0,
  {},
  "1s",
];

const SETTERS = [
  "reconnectionAttempts",
  "reconnectionDelay",
  "reconnectionDelayMax",
  "randomizationFactor",
  "timeout",
];

const NUMBERS = [...SETTERS, "requestTimeout", "retries", "ackTimeout"];

const OPTIONS = [
  ...NUMBERS,
  "forceNew",
  "multiplex",
  "path",
  "reconnection",
  "parser",
  "auth",
  "transports",
  "transportImplementations",
  "tryAllTransports",
  "upgrade",
  "rememberUpgrade",
  "timestampParam",
  "timestampRequests",
  "forceBase64",
  "query",
  "host",
  "hostname",
  "port",
  "secure",
  "addTrailingSlash",
  "protocols",
  "withCredentials",
  "extraHeaders",
  "transportOptions",
  "closeOnBeforeunload",
  "useNativeTimers",
  "autoUnref",
  "perMessageDeflate",
  "agent",
  "pfx",
  "key",
  "passphrase",
  "cert",
  "ca",
  "ciphers",
  "rejectUnauthorized",
];

const each = (names: readonly string[], setter: boolean) =>
  names.flatMap((name) => VALUES.map((value) => ({ name, value, setter })));

const cases: readonly Case[] = [
  ...each(OPTIONS, false),
  ...each([...SETTERS, "reconnection"], true),
  // What users write.
  ...(
    [
      ["transports", ["websocket"]],
      ["transports", ["polling"]],
      ["transports", ["websocket", "polling"]],
      ["transports", "websocket"],
      ["transports", ["websockets"]],
      ["transports", []],
      ["query", "a=b&c=d"],
      ["query", { a: 1 }],
      ["auth", { token: "abc" }],
      ["auth", ["abc"]],
      ["host", "127.0.0.1"],
      ["path", "/chat"],
      ["path", "/socket.io/"],
      ["path", "socket.io"],
      ["reconnectionDelay", "10"],
      ["reconnectionDelayMax", "1500"],
      ["reconnectionAttempts", "2"],
      ["reconnectionAttempts", 2],
      ["randomizationFactor", "0.5"],
      ["timeout", "20000"],
      ["extraHeaders", { "x-id": "1" }],
      ["perMessageDeflate", { threshold: "1" }],
    ] as const
  ).map(([name, value]) => ({ name, value, setter: false })),
];

const title = ({ name, value, setter }: Case): string =>
  `${name}${setter ? "()" : ""}: ${JSON.stringify(value === Infinity ? "Infinity" : value)}`;

/** Where a value that works means something else here, and why. */
const DIFFERENT: Readonly<Record<string, string>> = {
  "upgrade: undefined": "undefined is the default, as for all options",
  "timestampParam: undefined": "undefined is the default, as for all options",
  'agent: ""': "an empty agent is none for WebSocket as well",
  "agent: 0": "an empty agent is none for WebSocket as well",
  'query: ""': "a parameter without a name and a value says nothing",
  "reconnection(): undefined": "without a value it is asked, not set",
};

/** It connects and is answered; and if it comes back, there is time between the attempts. */
function works({ state, answer, delays, gaveUpAfter }: Outcome): boolean {
  return (
    state === "connects" &&
    answer === 1 &&
    gaveUpAfter !== 1 &&
    delays?.flat().includes(1) !== true
  );
}

/** How far delays are spread differs by design, whether they are does not. */
function comparable({ name }: Case, outcome: Outcome): unknown {
  const [low, high] = outcome.delays ?? [];
  if (!name.startsWith("random") || !low || !high) return outcome;
  return { ...outcome, delays: low.join() === high.join() };
}

describe("options of the client", () => {
  let ours: readonly Outcome[] = [];
  let theirs: readonly Outcome[] = [];

  beforeAll(async () => {
    await run(repository, process.execPath, [
      "scripts/build.mjs",
      "--if-stale",
    ]);
    const entry = new URL("../../dist/client/index.js", import.meta.url).href;
    const written = cases.map(({ name, setter, value }) => ({
      name,
      setter,
      ...encoded(value),
    }));
    const program = "client-outcomes.mjs";
    [ours, theirs] = (await Promise.all([
      outcomesOf(program, entry, written),
      outcomesOf(program, "socket.io-client", written),
    ])) as [Outcome[], Outcome[]];
  }, 300_000);

  test.each(cases.map((one, index) => [title(one), index] as const))(
    "%s",
    (name, index) => {
      const [one, here, there] = [cases[index], ours[index], theirs[index]];
      if (here.refused !== undefined) {
        // One sentence that names the option; and the reference had no use for the value.
        expect(here.refused).toMatch(
          new RegExp(
            `^(${one.name} must be [^\\n]+, but it is [^\\n]+|no transport "websockets"; there is [^\\n]+)$`,
          ),
        );
        const { value } = one;
        const noNumber =
          NUMBERS.includes(one.name) &&
          (value === true || !(Number(value) > 0));
        if (!noNumber) expect(works(there)).toBe(false);
        return;
      }
      expect(works(here) || !works(there)).toBe(true);
      if (!works(there) || name in DIFFERENT) return;
      expect(comparable(one, here)).toEqual(comparable(one, there));
    },
  );

  test("nothing ends the process, or fails for ever without a word at the start", () => {
    const bad = cases.filter((one, index) => {
      const { failed, state } = ours[index];
      const known = ["addTrailingSlash", "port", "secure", "hostname"];
      // Addresses where nothing listens.
      if (known.includes(one.name) || one.name.startsWith("path")) return false;
      return failed !== undefined || state === "nothing";
    });
    expect(bad.map(title)).toEqual([]);
  });

  test("the differences are still there", () => {
    for (const name of Object.keys(DIFFERENT)) {
      const index = cases.findIndex((one) => title(one) === name);
      expect(comparable(cases[index], ours[index])).not.toEqual(
        comparable(cases[index], theirs[index]),
      );
    }
  });
});
