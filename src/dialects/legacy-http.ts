/**
 * HTTP as Socket.IO used it before 1.0: six transports by name, payloads in the
 * fields of forms, scripts that hand a payload to a page, and answers that never
 * end. 0.6 began with these, 0.7 to 0.9 went on.
 */
import {
  type HttpAnswer,
  type HttpRequest,
  type Knock,
  LINES,
} from "./dialect.js";
import { broken } from "./engine.js";
import type { Unit } from "./packet.js";

/** What the application calls each of them. */
const FAMILIES: ReadonlyMap<string, string> = new Map([
  ["websocket", "websocket"],
  ["flashsocket", "websocket"],
  ["htmlfile", "polling"],
  ["xhr-multipart", "polling"],
  ["xhr-polling", "polling"],
  ["jsonp-polling", "polling"],
]);

/** Their GET is answered piece by piece. */
const STREAMS: readonly string[] = ["htmlfile", "xhr-multipart"];

export function familyOf(transport: string): string | undefined {
  return FAMILIES.get(transport);
}

/** What a request asks for by the name of its transport. */
export function travel(
  transport: string,
  { method }: HttpRequest,
): Pick<Knock, "transport" | "family" | "line" | "streams"> {
  const family = familyOf(transport) ?? "";
  if (family === "websocket")
    return { transport, family, line: LINES.websocket };
  return method === "GET" && STREAMS.includes(transport)
    ? { transport, family, line: LINES.stream, streams: true }
    : { transport, family, line: LINES.pollingText };
}

/** The parts of a path, however many slashes it begins with; one at its end is nothing. */
export function segments(path: string): string[] {
  return path.replace(/^\/+/, "").replace(/\/$/, "").split("/");
}

export function answer(
  status: number,
  type: string | undefined,
  body: string,
  compress = false,
): HttpAnswer {
  const headers: Record<string, string> = type ? { "content-type": type } : {};
  return { status, headers, body, compress };
}

/** Malformed UTF-8 becomes U+FFFD, as in every HTTP body that is read as text. */
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

export function textOfBody(body: Uint8Array): string {
  return utf8.decode(body);
}

/**
 * A field of a form.
 * @throws {ProtocolError} the form has none of this name
 */
export function fieldOf(body: Uint8Array, name: "d" | "data"): string {
  const form = "&" + textOfBody(body);
  const from = form.indexOf(`&${name}=`) + 1;
  if (from === 0) throw broken(`no field "${name}" in a form`);
  const to = form.indexOf("&", from);
  const field = form.slice(from, to === -1 ? undefined : to);
  return new URLSearchParams(field).get(name) ?? "";
}

/** Browsers write each line break in the fields of a form as CR LF. */
export function withoutCarriageReturns(field: string): string {
  return field.replace(/\r\n/g, "\n");
}

/** A string of a script. Before ES2019 it could not have the two line separators that JSON may have. */
export function literal(payload: Unit): string {
  return JSON.stringify(payload).replace(/[\u2028\u2029]/g, escaped);
}

/** The same for a script inside of a page, where `<` could end the script or begin a comment. */
export function literalInPage(payload: Unit): string {
  return literal(payload).replace(/</g, escaped);
}

function escaped(char: string): string {
  return "\\u" + (0x10000 + char.charCodeAt(0)).toString(16).slice(1);
}

/** A page that is never complete, in a hidden frame; each piece of it is a script. */
export const HTML = "text/html; charset=UTF-8";

/** What must not be in a payload that goes out as a part. */
export const BOUNDARY = "\n--socketio";

/** `multipart/x-mixed-replace`: each part takes the place of the one before. */
export const multipart = {
  head: answer(
    200,
    'multipart/x-mixed-replace;boundary="socketio"',
    "--socketio\n",
  ),
  piece: (payload: Unit) =>
    `Content-Type: text/plain\n\n${String(payload)}${BOUNDARY}\n`,
};
