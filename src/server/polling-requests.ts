/**
 * The requests of a session that polls: a GET is held until there is something
 * to say, a POST is read. Two of one kind at once end the session, as does a
 * body above the limit.
 */
import { PollCarrier, POST_OK } from "../carriers/polling.js";
import type { Knock } from "../dialects/dialect.js";
import { jsonpPayload } from "../dialects/jsonp.js";
import type { Carrier } from "../session/carrier.js";
import type { Conn } from "./conn.js";
import type { HttpCall, ResponseHeaders } from "./http.js";

const OCTETS = "application/octet-stream";

/** Malformed UTF-8 becomes U+FFFD, as in every HTTP body that is read as text. */
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Makes a carrier of a GET. */
export function holdPoll(
  conn: Conn,
  knock: Knock,
  call: HttpCall,
  headers: ResponseHeaders,
): Carrier {
  const carrier = new PollCarrier(
    conn.dialect,
    knock.line,
    knock.jsonp,
    (answer) => call.answer(answer, headers),
  );
  call.onAbort(() =>
    conn.session.detach(
      carrier,
      "transport error",
      conn.now(),
      new Error("the poll was cut off"),
    ),
  );
  return carrier;
}

/** Takes the next GET of a session. */
export function poll(
  conn: Conn,
  knock: Knock,
  call: HttpCall,
  headers: ResponseHeaders,
): void {
  if (conn.session.attached)
    fail(conn, call, 400, "a poll was sent while another was held");
  else conn.session.attach(holdPoll(conn, knock, call, headers), conn.now());
}

/** Reads a POST of a session. `limit`: of the body, in bytes. */
export function post(
  conn: Conn,
  knock: Knock,
  call: HttpCall,
  headers: ResponseHeaders,
  limit: number,
): void {
  if (conn.posting !== undefined)
    return fail(conn, call, 400, "a POST was sent while another was read");
  const bytes = call.request.headers["content-type"] === OCTETS;
  if (bytes && !conn.dialect.link.binaryPosts)
    return fail(conn, call, 400, "invalid content type of a POST");
  conn.posting = call.body(limit, (body) => {
    conn.posting = undefined;
    if (body === "too large")
      return fail(conn, call, 413, "POST above maxHttpBufferSize");
    if (body === "aborted") return end(conn, "the POST was cut off");
    call.answer(POST_OK, headers);
    const frame = bytes ? body : readText(body, knock.jsonp);
    conn.session.accept(frame, knock.line, conn.now());
  });
}

function fail(
  conn: Conn,
  call: HttpCall,
  status: number,
  description: string,
): void {
  call.answer({ status, headers: {}, body: "", compress: false });
  end(conn, description);
}

function end(conn: Conn, description: string): void {
  conn.session.end("transport error", conn.now(), {
    description: new Error(description),
    discard: true,
  });
}

function readText(body: Uint8Array, jsonp: string | undefined): string {
  const text = utf8.decode(body);
  return jsonp === undefined ? text : jsonpPayload(text);
}
