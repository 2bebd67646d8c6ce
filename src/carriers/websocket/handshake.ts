/**
 * The opening handshake, the server's half (RFC 6455, section 4.2): a request
 * as a plain record in, the answer as plain data out.
 */
import type { Sha1 } from "./ports.js";

/** The parts of a request that the handshake reads. Header names in lower case. */
export interface UpgradeRequest {
  readonly method?: string | undefined;
  /** Such as `"1.1"`. */
  readonly httpVersion?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface AcceptedHandshake {
  readonly accepted: true;
  /** The status line and the headers of the answer; it ends with an empty line that is not here. */
  readonly lines: string[];
  /** The subprotocol that was chosen, or `""`. */
  readonly protocol: string;
}

export interface RefusedHandshake {
  readonly accepted: false;
  /** The HTTP status. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** For people. */
  readonly message: string;
}

export interface HandshakeOptions {
  readonly sha1: Sha1;
  /** Picks one of the subprotocols that the client offers. @default none is picked */
  readonly chooseProtocol?:
    ((offered: ReadonlySet<string>) => string | undefined) | undefined;
}

/** Appended to the client's key (RFC 6455, section 1.3). */
const GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

/** 13 is RFC 6455; 8 and 7 are the drafts hybi-10 and hybi-07, the same on the wire but for `Sec-WebSocket-Origin`. */
const VERSIONS = ["13", "8", "7"];

/** Decides on a request for WebSocket. Never throws unless a port does. */
export function answerHandshake(
  request: UpgradeRequest,
  options: HandshakeOptions,
): AcceptedHandshake | RefusedHandshake {
  const refused = refuseUpgrade(request);
  if (refused !== undefined) return refused;
  const key = header(request, "sec-websocket-key");
  if (!isKey(key)) {
    return refuse(
      400,
      "The Sec-WebSocket-Key header must be 16 bytes in base64.",
    );
  }
  if (!VERSIONS.includes(header(request, "sec-websocket-version").trim())) {
    return refuse(
      426,
      `The Sec-WebSocket-Version header must be ${VERSIONS.join(" or ")}.`,
      {
        "Sec-WebSocket-Version": VERSIONS.join(", "),
        Upgrade: "websocket",
      },
    );
  }
  const offered = parseProtocols(header(request, "sec-websocket-protocol"));
  if (offered === undefined) {
    return refuse(
      400,
      "The Sec-WebSocket-Protocol header must be a list of distinct names.",
    );
  }
  const lines = [
    "HTTP/1.1 101 Switching Protocols",
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Accept: ${options.sha1(key + GUID)}`,
  ];
  const chosen =
    offered.size > 0 ? options.chooseProtocol?.(offered) : undefined;
  const protocol = chosen !== undefined && offered.has(chosen) ? chosen : "";
  if (protocol !== "") lines.push(`Sec-WebSocket-Protocol: ${protocol}`);
  return { accepted: true, lines, protocol };
}

/** What every WebSocket request has to be, of whatever version; `undefined`: it is. */
export function refuseUpgrade(
  request: UpgradeRequest,
): RefusedHandshake | undefined {
  if (request.method !== "GET") {
    return refuse(405, "A WebSocket begins with a GET request.", {
      Allow: "GET",
    });
  }
  if (request.httpVersion === "1.0" || request.httpVersion === "0.9") {
    return refuse(400, "A WebSocket needs HTTP/1.1.");
  }
  if (!hasToken(header(request, "upgrade"), "websocket")) {
    return refuse(
      426,
      "This is for WebSocket: the Upgrade header must say so.",
      {
        Upgrade: "websocket",
      },
    );
  }
  if (!hasToken(header(request, "connection"), "upgrade")) {
    return refuse(400, "The Connection header must name Upgrade.");
  }
  return undefined;
}

export function refuse(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): RefusedHandshake {
  return { accepted: false, status, headers, message };
}

export function header(request: UpgradeRequest, name: string): string {
  const value = request.headers[name];
  return value === undefined
    ? ""
    : typeof value === "string"
      ? value
      : value.join(",");
}

/** Whether a comma-separated header names this token, in any case. */
function hasToken(value: string, token: string): boolean {
  return value.split(",").some((part) => part.trim().toLowerCase() === token);
}

/** 16 bytes in base64: 22 characters of the alphabet and two of padding. */
function isKey(key: string): boolean {
  return key.length === 24 && /^[+/0-9A-Za-z]{22}==$/.test(key);
}

/**
 * The subprotocols offered, in order; `undefined` if the header is malformed.
 * Split and looked at character by character, so that its cost is linear
 * whatever it holds.
 */
function parseProtocols(value: string): Set<string> | undefined {
  const protocols = new Set<string>();
  if (value === "") return protocols;
  for (const part of value.split(",")) {
    const name = part.trim();
    if (!isToken(name) || protocols.has(name)) return undefined;
    protocols.add(name);
  }
  return protocols;
}

/** RFC 9110, section 5.6.2. */
const TOKEN_PUNCTUATION = "!#$%&'*+-.^_`|~";

function isToken(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const alphanumeric =
      (code >= 0x30 && code <= 0x39) ||
      (code >= 0x41 && code <= 0x5a) ||
      (code >= 0x61 && code <= 0x7a);
    if (!alphanumeric && !TOKEN_PUNCTUATION.includes(text.charAt(i)))
      return false;
  }
  return text !== "";
}
