/**
 * The doors of Engine.IO 3 and 4: everything is in the query. As in the
 * reference, the path may go on after the prefix with anything, except for the
 * two forms that older generations own: a protocol number (`/1/...`, 0.7-0.9)
 * and a transport's name (`/xhr-polling/...`, 0.6).
 */
import { type Door, type HttpAnswer, type Line, LINES } from "./dialect.js";
import { broken } from "./engine.js";
import { jsonpBody, jsonpPayload } from "./jsonp.js";
import type { Unit } from "./packet.js";

const OLDER =
  /^\/*(\d|(websocket|flashsocket|htmlfile|xhr-multipart|xhr-polling|jsonp-polling)(\/|$))/;

/** Nothing between the two ends may keep an answer. */
const NO_STORE = { "cache-control": "no-store" };

/** HTML, as engine.io says it since 2014. */
const POSTED: HttpAnswer = {
  status: 200,
  headers: { ...NO_STORE, "content-type": "text/html" },
  body: "ok",
  compress: false,
};

const OCTETS = "application/octet-stream";
const FORBIDDEN = 4;

/** Malformed UTF-8 becomes U+FFFD, as in every HTTP body that is read as text. */
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** @param bytes payloads may be bytes: both ways, for clients that do not ask for `b64` */
export function door(
  accepts: (version: string | undefined) => boolean,
  bytes: boolean,
): Door {
  return {
    knock({ path, query }) {
      const version = first(query.EIO);
      const transport = first(query.transport);
      if (
        !accepts(version) ||
        (version ?? transport) === undefined ||
        (path !== "" && OLDER.test(path))
      )
        return undefined;
      const polling = transport === "polling";
      const j = polling ? first(query.j) : undefined;
      const text = !!first(query.b64) || j !== undefined;
      let line: Line = text ? LINES.websocketText : LINES.websocket;
      if (polling) line = text || !bytes ? LINES.pollingText : LINES.polling;
      return {
        transport: transport ?? "",
        family: transport ?? "",
        sid: first(query.sid),
        line,
        // Digits only, as it becomes part of a script.
        jsonp: j?.replace(/\D/g, ""),
      };
    },
    polled: (payload, { jsonp }, compress) =>
      jsonp === undefined
        ? ok(payload, typeof payload === "string" ? TEXT : BYTES, compress)
        : ok(jsonpBody(jsonp, payload), SCRIPT, compress),
    readPost(body, contentType, { jsonp }) {
      if (contentType === OCTETS) {
        if (!bytes) throw broken("bytes in place of a payload");
        return body;
      }
      const text = utf8.decode(body);
      return jsonp === undefined ? text : jsonpPayload(text);
    },
    posted: () => POSTED,
    refuse: (code, words) => ({
      status: code === FORBIDDEN ? 403 : 400,
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ code, message: words }),
      compress: false,
    }),
  };
}

// Made once: for each answer anew they were 2 % of an echo.
const TEXT = ofType("text/plain; charset=UTF-8");
const SCRIPT = ofType("text/javascript; charset=UTF-8");
const BYTES = ofType(OCTETS);

function ofType(type: string): HttpAnswer["headers"] {
  return { ...NO_STORE, "content-type": type };
}

function ok(
  body: Unit,
  headers: HttpAnswer["headers"],
  compress: boolean,
): HttpAnswer {
  return { status: 200, headers, body, compress };
}

/** Of a repeated parameter, the first counts. */
function first(value: string | string[] | undefined): string | undefined {
  return typeof value === "object" ? value[0] : value;
}
