/**
 * The door of Socket.IO 0.6: everything is in the path,
 * `/<transport>[/<session id>][/...]`, and what follows does not matter, but
 * that the last part of a JSONP request is the index of its callback.
 */
import type { Door } from "../dialect.js";
import {
  answer,
  familyOf,
  fieldOf,
  HTML,
  literal,
  literalInPage,
  multipart,
  segments,
  travel,
  withoutCarriageReturns,
} from "../legacy-http.js";

const UNKNOWN_SID = 1;
const FORBIDDEN = 4;

const TEXT = "text/plain; charset=UTF-8";
const SCRIPT = "text/javascript; charset=UTF-8";
const JSONP = "jsonp-polling";

/** Spaces, as a browser shows the beginning of a page only when there is some of it. */
const PAGE = answer(200, HTML, "<html><body>" + " ".repeat(244));

export const door06: Door = {
  knock(request) {
    const [transport, sid, ...rest] = segments(request.path);
    if (familyOf(transport) === undefined) return undefined;
    return {
      ...travel(transport, request),
      sid: sid || undefined,
      jsonp: transport === JSONP ? indexOf(rest.at(-1)) : undefined,
    };
  },
  polled: (payload, { jsonp }, compress) =>
    jsonp === undefined
      ? answer(200, TEXT, String(payload), compress)
      : answer(
          200,
          SCRIPT,
          `io.JSONP[${jsonp}]._(${literal(payload)});`,
          compress,
        ),
  readPost(body, _contentType, { jsonp }) {
    const payload = fieldOf(body, "data");
    return jsonp === undefined ? payload : withoutCarriageReturns(payload);
  },
  posted: () => answer(200, "text/plain", "ok"),
  refuse(code, words) {
    if (code === UNKNOWN_SID) return undefined;
    return code === FORBIDDEN
      ? answer(401, "text/plain", "unauthorized")
      : answer(400, "text/plain", words);
  },
  stream: ({ transport }) =>
    transport === "htmlfile"
      ? {
          head: PAGE,
          piece: (payload) =>
            `<script>parent.s._(${literalInPage(payload)}, document);</script>`,
        }
      : multipart,
};

/** Digits only, as it becomes part of a script. */
function indexOf(part = ""): string {
  return /^\d+$/.test(part) ? part : "0";
}
