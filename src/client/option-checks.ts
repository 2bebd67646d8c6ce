/**
 * What a client cannot work with, in one sentence when it is made. The page's
 * bundles leave it out for their size: there a wrong delay is the default one.
 */
import type { Kinds } from "../options/unlikely.js";
import { fail, isObject, isUnset, numeric } from "../options/values.js";

type Check = (name: string, value: unknown) => void;

const number: Check = (name, value) => {
  if (!(numberOf(value) >= 0)) fail(name, value, "a number, 0 or more");
};

const function_ = (value: unknown) => typeof value === "function";

const list =
  (example: string): Check =>
  (name, value) => {
    if (!Array.isArray(value)) fail(name, value, `a list such as [${example}]`);
  };

const text: Check = (name, value) => {
  if (typeof value !== "string") fail(name, value, "a text");
};

/** Whatever is falsy is the default, as in the reference. */
const CHECKS: Readonly<Record<string, Check>> = {
  reconnectionAttempts: number,
  reconnectionDelay: number,
  reconnectionDelayMax: number,
  randomizationFactor: number,
  requestTimeout: number,
  retries: number,
  maxOfflinePackets: number,
  maxAttachments: number,
  transports: list('"websocket"'),
  transportImplementations: list("WebSocket"),
  host: text,
  hostname: text,
  path(name, value) {
    if (typeof value !== "string" || !value.startsWith("/"))
      fail(name, value, 'a text that starts with "/"');
  },
  port(name, value) {
    const port = numberOf(value);
    if (!(Number.isInteger(port) && port > 0 && port < 65536))
      fail(name, value, "the number of a port");
  },
  parser(name, value) {
    const { Encoder, Decoder } = value as Record<string, unknown>;
    if (!function_(Encoder) || !function_(Decoder))
      fail(name, value, "an object with the classes Encoder and Decoder");
  },
  auth(name, value) {
    if (!isObject(value) && !function_(value))
      fail(
        name,
        value,
        'an object such as { token: "..." }, or a function that hands one over',
      );
  },
  agent(name, value) {
    if (!isObject(value) && !function_(value))
      fail(name, value, "an agent such as new http.Agent(), or false");
  },
};

/** Those where 0, or what is counted as 0, leaves no time for anything. */
const TIMES: Readonly<Record<string, string>> = {
  timeout: "a number of ms above 0, or false for no limit",
  ackTimeout: "a number of ms above 0",
};

/** For the log of values that are surely not meant. */
export const KINDS: Kinds = {
  numbers: [
    ...Object.keys(CHECKS).filter((name) => CHECKS[name] === number),
    ...Object.keys(TIMES),
  ],
  switches: [
    "autoConnect",
    "autoUnref",
    "addTrailingSlash",
    "closeOnBeforeunload",
    "forceBase64",
    "forceNew",
    "multiplex",
    "reconnection",
    "rejectUnauthorized",
    "rememberUpgrade",
    "secure",
    "timestampRequests",
    "tryAllTransports",
    "upgrade",
    "useNativeTimers",
    "withCredentials",
  ],
  settings: ["perMessageDeflate"],
};

/**
 * A text of a number, as environment variables are, means the number.
 *
 * @throws {TypeError} an option cannot work; the message says which, and what would
 */
export function checkOptions(opts: object): void {
  const options = opts as Readonly<Record<string, unknown>>;
  for (const [name, check] of Object.entries(CHECKS))
    if (options[name]) check(name, options[name]);
  for (const [name, expected] of Object.entries(TIMES)) {
    const value = options[name];
    if (isUnset(value) || (value === false && name === "timeout")) continue;
    if (!(numberOf(value) > 0)) fail(name, value, expected);
  }
  if (options["transports"] && options["transportImplementations"])
    throw new TypeError(
      "give either `transports` or `transportImplementations`, not both",
    );
}

function numberOf(value: unknown): number {
  const number = numeric(value);
  return typeof number === "number" ? number : NaN;
}
