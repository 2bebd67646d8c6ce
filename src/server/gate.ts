/**
 * Who is let in: a request becomes a small record, then one decision. The
 * codes and their sentences are those of Engine.IO, which clients show to
 * their users.
 */
import type { HttpAnswer } from "../carriers/polling.js";
import type { Dialect, HttpRequest, Knock } from "../dialects/dialect.js";

/** Engine.IO's error codes. */
export const CODES = {
  UNKNOWN_TRANSPORT: 0,
  UNKNOWN_SID: 1,
  BAD_HANDSHAKE_METHOD: 2,
  BAD_REQUEST: 3,
  FORBIDDEN: 4,
  UNSUPPORTED_PROTOCOL_VERSION: 5,
} as const;

/** What each code says. */
export const MESSAGES = [
  "Transport unknown",
  "Session ID unknown",
  "Bad handshake method",
  "Bad request",
  "Forbidden",
  "Unsupported protocol version",
] as const;

/** A request that is not served, in the words of the event `connection_error`. */
export interface Refusal {
  readonly code: number;
  readonly message: string;
  readonly context: Readonly<Record<string, unknown>>;
}

export function refusal(
  code: number,
  context: Readonly<Record<string, unknown>>,
): Refusal {
  return { code, message: MESSAGES[code], context };
}

/** The HTTP answer that says it; `words` are the application's, for the client. */
export function refusalAnswer(
  { code, message }: Refusal,
  words: string = message,
): HttpAnswer {
  return {
    status: code === CODES.FORBIDDEN ? 403 : 400,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code, message: words }),
    compress: false,
  };
}

/** What the gate knows of a live session. */
export interface Guest {
  readonly dialect: Dialect;
  readonly transport: { readonly name: string };
}

export interface House<G extends Guest> {
  readonly transports: readonly string[];
  /** Dialects that are let in, in the order their doors are asked. */
  readonly dialects: readonly Dialect[];
  /** Dialects that we know and do not let in, so that they can be told. */
  readonly unwelcome: readonly Dialect[];
  find(sid: string): G | undefined;
}

export type Verdict<G extends Guest> =
  | { kind: "greet"; dialect: Dialect; knock: Knock }
  | { kind: "guest"; guest: G; knock: Knock }
  | { kind: "refuse"; refusal: Refusal };

/** Decides on everything that can be decided without asking the application. */
export function judge<G extends Guest>(
  request: HttpRequest,
  origin: string | undefined,
  house: House<G>,
): Verdict<G> {
  const no = (code: number, context: Record<string, unknown>) =>
    ({ kind: "refuse", refusal: refusal(code, context) }) as const;

  const met = meet(request, house);
  if (met === undefined)
    return no(CODES.UNKNOWN_TRANSPORT, { transport: request.query.transport });
  const { dialect, knock } = met;
  const { transport, sid } = knock;
  if (!house.transports.includes(transport))
    return no(CODES.UNKNOWN_TRANSPORT, { transport });
  if (origin !== undefined && !isHeaderValue(origin))
    return no(CODES.BAD_REQUEST, { name: "INVALID_ORIGIN", origin });
  if (request.upgrade && transport === "polling")
    return no(CODES.BAD_REQUEST, { name: "TRANSPORT_HANDSHAKE_ERROR" });
  if (sid !== undefined) {
    const guest = house.find(sid);
    if (guest === undefined) return no(CODES.UNKNOWN_SID, { sid });
    const previousTransport = guest.transport.name;
    if (!request.upgrade && previousTransport !== transport)
      return no(CODES.BAD_REQUEST, {
        name: "TRANSPORT_MISMATCH",
        transport,
        previousTransport,
      });
    if (!request.upgrade && transport !== "polling")
      return no(CODES.BAD_REQUEST, { name: "TRANSPORT_HANDSHAKE_ERROR" });
    if (guest.dialect !== dialect)
      return no(CODES.BAD_REQUEST, {
        name: "PROTOCOL_MISMATCH",
        protocol: dialect.protocol,
        previousProtocol: guest.dialect.protocol,
      });
    return { kind: "guest", guest, knock };
  }
  if (request.method !== "GET")
    return no(CODES.BAD_HANDSHAKE_METHOD, { method: request.method });
  if (transport !== "polling" && !request.upgrade)
    return no(CODES.BAD_REQUEST, { name: "TRANSPORT_HANDSHAKE_ERROR" });
  if (house.unwelcome.includes(dialect))
    return no(CODES.UNSUPPORTED_PROTOCOL_VERSION, {
      protocol: dialect.protocol,
    });
  return { kind: "greet", dialect, knock };
}

function meet<G extends Guest>(
  request: HttpRequest,
  house: House<G>,
): { dialect: Dialect; knock: Knock } | undefined {
  for (const dialects of [house.dialects, house.unwelcome]) {
    for (const dialect of dialects) {
      const knock = dialect.door?.knock(request);
      if (knock !== undefined) return { dialect, knock };
    }
  }
  return undefined;
}

/** Node refuses to repeat other characters in a header of an answer (RFC 9110 section 5.5). */
function isHeaderValue(value: string): boolean {
  for (let i = 0; i < value.length; i++) {
    const char = value.charCodeAt(i);
    if ((char < 0x20 && char !== 0x09) || char === 0x7f || char > 0xff)
      return false;
  }
  return true;
}
