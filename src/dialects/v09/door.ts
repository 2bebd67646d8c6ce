/**
 * The door of Socket.IO 0.7 to 0.9. `/1/` asks for a session and gets its id
 * with the times and transports of the server; `/1/<transport>/<id>` travels by
 * it; `?disconnect=1` ends it. Whoever just looks by is welcome.
 */
import type { Door, HttpAnswer, HttpRequest, Knock } from "../dialect.js";
import { LINES } from "../dialect.js";
import { broken } from "../engine.js";
import type { Unit } from "../packet.js";
import {
  answer,
  familyOf,
  fieldOf,
  HTML,
  literal,
  literalInPage,
  multipart,
  segments,
  textOfBody,
  travel,
  withoutCarriageReturns,
} from "../legacy-http.js";
import {
  CLOSE_TIMEOUT,
  HEARTBEAT_TIMEOUT,
  type V09Options,
} from "./dialect.js";

const UNKNOWN_TRANSPORT = 0;
const UNKNOWN_SID = 1;
const FORBIDDEN = 4;
const UNSUPPORTED = 5;

const TEXT = "text/plain; charset=UTF-8";
const SCRIPT = "text/javascript; charset=UTF-8";
const JSONP = "jsonp-polling";

/** "client not handshaken", and the advice to reconnect. */
const NO_SESSION = "7:::1+0";

/** In the order in which clients shall try them. */
const TRANSPORTS = [
  "websocket",
  "flashsocket",
  "htmlfile",
  "xhr-multipart",
  "xhr-polling",
  "jsonp-polling",
];

/** Announced only where the application names them: they need more than this server, or no client knows them. */
const ON_DEMAND = ["flashsocket", "xhr-multipart"];

/** Nobody who wants something: no transport, no session. */
const VISIT: Knock = {
  transport: "",
  family: "",
  sid: undefined,
  line: LINES.pollingText,
  jsonp: undefined,
};

const PAGE = {
  // Spaces, as a browser shows the beginning of a page only when there is some of it.
  head: answer(
    200,
    HTML,
    "<html><body><script>var _ = function (msg) { parent.s._(msg, document); };</script>" +
      " ".repeat(173),
  ),
  // Clients of 0.9 take the backslashes out again.
  piece: (payload: Unit) =>
    `<script>_(${literalInPage(payload).replace(/\//g, "\\/")});</script>`,
};

export function door09(options: V09Options = {}): Door {
  const { heartbeatTimeout = HEARTBEAT_TIMEOUT, closeTimeout = CLOSE_TIMEOUT } =
    options;

  return {
    knock(request) {
      const { path, query } = request;
      const [version, transport = "", sid = "", ...more] = segments(path);
      if (!/^\d/.test(version))
        // With these, it is a visit to somebody else.
        return version === "" &&
          transport === "" &&
          (query.EIO ?? query.transport) === undefined
          ? VISIT
          : undefined;
      const number = Number(version);
      if (more.length > 0 || (!number && !transport)) return VISIT;
      if (number !== 1) return { ...VISIT, refused: UNSUPPORTED };
      if (!sid) return { ...VISIT, apart: true, jsonp: digitsOf(query.jsonp) };
      return {
        ...travel(transport, request),
        sid,
        jsonp: asksForScript(request, transport)
          ? (digitsOf(query.i) ?? "0")
          : undefined,
        leave: query.disconnect !== undefined,
      };
    },
    polled,
    readPost(body, _contentType, { transport }) {
      return transport === JSONP
        ? readForm(fieldOf(body, "d"))
        : textOfBody(body);
    },
    posted: ({ leave }) =>
      leave ? answer(200, undefined, "") : answer(200, TEXT, "1"),
    greet({ sid }, transports, { jsonp }) {
      const names = TRANSPORTS.filter(
        (name) =>
          transports.includes(name) ||
          (!ON_DEMAND.includes(name) &&
            transports.includes(familyOf(name) ?? name)),
      );
      const greeting = [
        sid,
        seconds(heartbeatTimeout),
        seconds(closeTimeout),
        names.join(","),
      ].join(":");
      return jsonp === undefined
        ? answer(200, "text/plain", greeting)
        : callback(jsonp, literal(greeting));
    },
    refuse,
    refuseStream: (code) => (code === UNKNOWN_SID ? NO_SESSION : undefined),
    stream: ({ transport }) => (transport === "htmlfile" ? PAGE : multipart),
  };

  function refuse(code: number, _words: string, knock: Knock) {
    const { transport, sid, apart, leave, streams, jsonp } = knock;
    if (code === UNSUPPORTED)
      return refuseGreeting(500, "Protocol version not supported.", jsonp, "");
    if (apart)
      return code === FORBIDDEN
        ? refuseGreeting(403, "handshake unauthorized", jsonp)
        : refuseGreeting(500, "handshake error", jsonp);
    if (leave) return answer(200, undefined, "");
    if (sid === undefined && code === UNKNOWN_TRANSPORT)
      return answer(200, undefined, "Welcome to socket.io.");
    if (code !== UNKNOWN_SID) return undefined;
    if (!streams) return polled(NO_SESSION, knock, false);
    const { head, piece } = transport === "htmlfile" ? PAGE : multipart;
    return { ...head, body: String(head.body) + piece(NO_SESSION) };
  }
}

function polled(
  payload: Unit,
  { jsonp }: Knock,
  compress: boolean,
): HttpAnswer {
  if (jsonp === undefined) return answer(200, TEXT, String(payload), compress);
  const body = `io.j[${jsonp}](${literal(payload)});`;
  const { headers, ...rest } = answer(200, SCRIPT, body, compress);
  // Old browsers took the script for one that was smuggled into the request.
  return { ...rest, headers: { ...headers, "x-xss-protection": "0" } };
}

function refuseGreeting(
  status: number,
  words: string,
  jsonp: string | undefined,
  type = "text/plain",
): HttpAnswer {
  return jsonp === undefined
    ? answer(status, type, words)
    : callback(jsonp, `new Error("${words}")`);
}

function callback(jsonp: string, expression: string): HttpAnswer {
  return answer(
    200,
    "application/javascript",
    `io.j[${jsonp}](${expression});`,
  );
}

/** 0.7 put the payload into a form as it was; 0.8 and 0.9 as a JSON string, as forms change line breaks. */
function readForm(field: string): string {
  if (!field.startsWith('"')) return withoutCarriageReturns(field);
  try {
    const payload: unknown = JSON.parse(field);
    if (typeof payload === "string") return payload;
  } catch {
    // No string, either.
  }
  throw broken("malformed string in a form");
}

/** Empty: there is no such time. */
function seconds(ms: number): string {
  return ms > 0 && ms < Infinity ? String(ms / 1000) : "";
}

/** The answer to a POST is shown in a frame, so it is none. */
function asksForScript({ method }: HttpRequest, transport: string): boolean {
  return transport === JSONP && method !== "POST";
}

/** Digits only, as it becomes part of a script. */
function digitsOf(value: string | string[] | undefined): string | undefined {
  return typeof value === "string" && /^\d+$/.test(value) ? value : undefined;
}
