/**
 * Who is let in: a request becomes a small record, then one decision. The
 * codes and their sentences are those of Engine.IO, which clients show to
 * their users.
 */
import type {
  HostedDialect,
  HttpAnswer,
  HttpRequest,
  Knock,
} from "../dialects/dialect.js";

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

/** Whom a request speaks to: the first dialect whose door it knows. */
export interface Meeting {
  readonly dialect: HostedDialect;
  readonly knock: Knock;
}

/**
 * The HTTP answer that refuses, in the client's own words if it has any;
 * `words` are the application's. `undefined`: the connection is dropped.
 */
export function refusalAnswer(
  refusal: Refusal,
  met: Meeting | undefined,
  words: string = refusal.message,
): HttpAnswer | undefined {
  return met === undefined
    ? plainRefusal(refusal)
    : met.dialect.door.refuse(refusal.code, words, met.knock);
}

/** The same where nobody knows whom it goes to. */
export function plainRefusal({ code, message }: Refusal): HttpAnswer {
  return {
    status: code === CODES.FORBIDDEN ? 403 : 400,
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ code, message }),
    compress: false,
  };
}

/** What the gate knows of a live session. */
export interface Guest {
  readonly dialect: HostedDialect;
  readonly transport: { readonly name: string };
}

export interface House<G extends Guest> {
  readonly transports: readonly string[];
  /** Dialects that are let in, in the order their doors are asked. */
  readonly dialects: readonly HostedDialect[];
  /** Dialects that we know and do not let in, so that they can be told. */
  readonly unwelcome: readonly HostedDialect[];
  find(sid: string): G | undefined;
}

export type Verdict<G extends Guest> =
  | ({ kind: "greet" } & Meeting)
  | ({ kind: "guest"; guest: G } & Meeting)
  | { kind: "refuse"; refusal: Refusal; met: Meeting | undefined };

/** Decides on everything that can be decided without asking the application. */
export function judge<G extends Guest>(
  request: HttpRequest,
  origin: string | undefined,
  house: House<G>,
): Verdict<G> {
  const met = meet(request, house);
  const unwelcome = met !== undefined && house.unwelcome.includes(met.dialect);
  const no = (code: number, context: Record<string, unknown>) =>
    ({
      kind: "refuse",
      refusal: refusal(code, context),
      // Who is not let in at all gets no answer of its own kind.
      met: unwelcome ? undefined : met,
    }) as const;

  if (met === undefined)
    return no(CODES.UNKNOWN_TRANSPORT, { transport: request.query.transport });
  const { dialect, knock } = met;
  const { transport, family, sid } = knock;
  if (knock.refused !== undefined)
    return no(knock.refused, { name: "NOT_SERVED", transport });
  if (!knock.apart && !knock.leave && !isAllowed(knock, house.transports))
    return no(CODES.UNKNOWN_TRANSPORT, { transport });
  if (origin !== undefined && !isHeaderValue(origin))
    return no(CODES.BAD_REQUEST, { name: "INVALID_ORIGIN", origin });
  if (request.upgrade && family === "polling")
    return no(CODES.BAD_REQUEST, { name: "TRANSPORT_HANDSHAKE_ERROR" });
  const needsUpgrade = family !== "polling" && !knock.apart && !knock.leave;
  if (sid !== undefined) {
    const guest = house.find(sid);
    if (guest === undefined) return no(CODES.UNKNOWN_SID, { sid });
    const previousTransport = guest.transport.name;
    if (
      !request.upgrade &&
      dialect.link.change === "probe" &&
      previousTransport !== transport
    )
      return no(CODES.BAD_REQUEST, {
        name: "TRANSPORT_MISMATCH",
        transport,
        previousTransport,
      });
    if (needsUpgrade && !request.upgrade)
      return no(CODES.BAD_REQUEST, { name: "TRANSPORT_HANDSHAKE_ERROR" });
    if (guest.dialect !== dialect)
      return no(CODES.BAD_REQUEST, {
        name: "PROTOCOL_MISMATCH",
        protocol: dialect.protocol,
        previousProtocol: guest.dialect.protocol,
      });
    return { kind: "guest", guest, dialect, knock };
  }
  if (request.method !== "GET" && !knock.apart)
    return no(CODES.BAD_HANDSHAKE_METHOD, { method: request.method });
  if (needsUpgrade && !request.upgrade)
    return no(CODES.BAD_REQUEST, { name: "TRANSPORT_HANDSHAKE_ERROR" });
  if (unwelcome)
    return no(CODES.UNSUPPORTED_PROTOCOL_VERSION, {
      protocol: dialect.protocol,
    });
  return { kind: "greet", dialect, knock };
}

/** `transports` may name a transport, or the family that it belongs to. */
function isAllowed({ transport, family }: Knock, allowed: readonly string[]) {
  return allowed.includes(transport) || allowed.includes(family);
}

function meet<G extends Guest>(
  request: HttpRequest,
  house: House<G>,
): Meeting | undefined {
  for (const dialect of house.dialects) {
    const knock = dialect.door.knock(request);
    if (knock !== undefined) return { dialect, knock };
  }
  for (const dialect of house.unwelcome) {
    const knock = dialect.door.knock(request);
    // Visitors who want nothing are none of theirs.
    if (knock?.transport || knock?.apart || knock?.sid)
      return { dialect, knock };
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
