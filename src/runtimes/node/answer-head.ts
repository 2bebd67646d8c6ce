/** The head of an answer as Node's HTTP writes it on a connection that may be kept. */
import {
  STATUS_CODES,
  validateHeaderName,
  validateHeaderValue,
  type OutgoingHttpHeaders,
} from "node:http";

/**
 * The headers as lines.
 * @throws {TypeError} a name or a value that HTTP has no place for
 */
export function headerLines(headers: OutgoingHttpHeaders): string[] {
  return Object.entries(headers).flatMap(([name, value]) => {
    validateHeaderName(name);
    return (Array.isArray(value) ? value : [String(value)]).map((item) => {
      validateHeaderValue(name, item);
      return `${name}: ${item}`;
    });
  });
}

/** Old Internet Explorers take an answer that they see as a frame for an attack. */
const SEES_ATTACKS = /;MSIE|Trident\//;

export function seesAttacks(userAgent: string | undefined): boolean {
  return userAgent !== undefined && SEES_ATTACKS.test(userAgent);
}

/**
 * @param lines headers, each with its end
 * @param keep ms for which the connection is kept; `undefined`: not at all
 */
export function answerHead(
  status: number,
  lines: string,
  keep: number | undefined,
): string {
  const connection =
    keep === undefined
      ? "close"
      : keep === Infinity
        ? "keep-alive"
        : `keep-alive\r\nKeep-Alive: timeout=${Math.floor(keep / 1000)}`;
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "unknown"}\r\n${lines}Date: ${httpDate()}\r\nConnection: ${connection}\r\n\r\n`;
}

let second = 0;
let date = "";

/** Now, to the second. */
function httpDate(): string {
  const now = Math.floor(Date.now() / 1000);
  if (now !== second) {
    second = now;
    date = new Date(now * 1000).toUTCString();
  }
  return date;
}
