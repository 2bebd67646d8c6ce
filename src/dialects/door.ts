/**
 * The doors of Engine.IO 3 and 4: everything is in the query. As in the
 * reference, the path may go on after the prefix with anything, except for the
 * two forms that older generations own: a protocol number (`/1/...`, 0.7-0.9)
 * and a transport's name (`/xhr-polling/...`, 0.6).
 */
import { type Door, type Line, LINES } from "./dialect.js";

const OLDER =
  /^\/*(\d|(websocket|flashsocket|htmlfile|xhr-multipart|xhr-polling|jsonp-polling)(\/|$))/;

/** @param binaryPolls payloads may be bytes, for clients that do not ask for `b64` */
export function door(
  accepts: (version: string | undefined) => boolean,
  binaryPolls: boolean,
): Door {
  return {
    knock({ path, query }) {
      const version = first(query.EIO);
      const transport = first(query.transport);
      if (
        !accepts(version) ||
        (version ?? transport) === undefined ||
        OLDER.test(path)
      )
        return undefined;
      const polling = transport === "polling";
      const j = polling ? first(query.j) : undefined;
      const text = !!first(query.b64) || j !== undefined;
      let line: Line = text ? LINES.websocketText : LINES.websocket;
      if (polling)
        line = text || !binaryPolls ? LINES.pollingText : LINES.polling;
      return {
        transport: transport ?? "",
        sid: first(query.sid),
        line,
        // Digits only, as it becomes part of a script.
        jsonp: j?.replace(/\D/g, ""),
      };
    },
  };
}

/** Of a repeated parameter, the first counts. */
function first(value: string | string[] | undefined): string | undefined {
  return typeof value === "object" ? value[0] : value;
}
