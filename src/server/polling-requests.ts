/**
 * The requests of a session that polls: a GET is held until there is something
 * to say, a POST is read. Two of one kind at once end the session, as does a
 * body above the limit.
 */
import { PollCarrier } from "../carriers/polling.js";
import { StreamingCarrier } from "../carriers/streaming.js";
import { LINES, type Knock } from "../dialects/dialect.js";
import { ProtocolError, type Unit } from "../dialects/packet.js";
import type { Clock } from "../hub/ports.js";
import type { Carrier } from "../session/carrier.js";
import type { Conn } from "./conn.js";
import type { BodyLimits, HttpCall, ResponseHeaders } from "./http.js";

const OCTETS = "application/octet-stream";

/** Who asked for text when it opened its session: that holds for all of its polls (engine.io). */
const textual = new WeakSet<Conn>();

/** The same poll, on the line that its session was opened with. */
function onOpenedLine(conn: Conn, knock: Knock): Knock {
  if (knock.line === LINES.polling)
    return textual.has(conn) ? { ...knock, line: LINES.pollingText } : knock;
  if (conn.readyState === "opening") textual.add(conn);
  return knock;
}

/** Makes a carrier of a GET: held for one write, or open for many. */
export function carry(
  conn: Conn,
  knock: Knock,
  call: HttpCall,
  headers: ResponseHeaders,
): Carrier {
  // Others have one line for all polls.
  if (conn.dialect.link.binaryPosts) knock = onOpenedLine(conn, knock);
  const stream = knock.streams ? conn.dialect.door.stream?.(knock) : undefined;
  const carrier = stream
    ? new StreamingCarrier(
        conn.dialect,
        knock,
        (payload) => stream.piece(payload),
        call.stream(stream.head, headers),
      )
    : new PollCarrier(conn.dialect, knock, (answer) =>
        call.answer(answer, headers),
      );
  call.onAbort(() => {
    // Said of every answer that has ended, too, and an error is not made for
    // nothing: its stack was 6 % of an echo over polling.
    if (carrier.once && !carrier.writable) return;
    conn.session.detach(
      carrier,
      stream ? "transport close" : "transport error",
      conn.now(),
      new Error("the client cut off its request"),
    );
  });
  return carrier;
}

/** Takes the next GET of a session. */
export function poll(
  conn: Conn,
  knock: Knock,
  call: HttpCall,
  headers: ResponseHeaders,
): void {
  if (conn.session.attached && conn.dialect.link.change !== "replace")
    fail(conn, call, 400, "a poll was sent while another was held");
  else conn.session.attach(carry(conn, knock, call, headers), conn.now());
}

/** The client says that it leaves, in a request of its own. */
export function leave(conn: Conn, knock: Knock, call: HttpCall): void {
  call.answer(conn.dialect.door.posted(knock));
  conn.session.end("transport close", conn.now());
}

/** What a POST may be at most: its body's size and chunks, and the time that it takes, in ms. */
export interface PostLimits extends BodyLimits {
  readonly time: number;
}

/** Reads a POST of a session. */
export function post(
  conn: Conn,
  knock: Knock,
  call: HttpCall,
  headers: ResponseHeaders,
  limits: PostLimits,
  clock: Clock,
): void {
  if (conn.posting !== undefined)
    return fail(conn, call, 400, "a POST was sent while another was read");
  const type = call.contentType;
  // Before anything of it is kept (CVE-2026-59725).
  if (type === OCTETS && !conn.dialect.link.binaryPosts)
    return fail(conn, call, 400, "invalid content type of a POST");
  let over = false;
  let stopTimer = () => {};
  const giveUp = call.body(limits, (body) => {
    over = true;
    conn.posting = undefined;
    stopTimer();
    if (body === "too large")
      return fail(conn, call, 413, "POST above maxHttpBufferSize");
    if (body === "too many chunks")
      return fail(
        conn,
        call,
        413,
        "POST in more pieces than maxBufferedChunks",
      );
    if (body === "aborted") return end(conn, "the POST was cut off");
    const { door } = conn.dialect;
    let frame: Unit;
    try {
      frame = door.readPost(body, type, knock);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      return fail(conn, call, 400, error.message);
    }
    call.answer(door.posted(knock), headers);
    conn.session.accept(frame, knock.line, conn.now());
  });
  if (over || giveUp === undefined) return;
  conn.posting = () => {
    stopTimer();
    giveUp();
  };
  stopTimer = clock.after(limits.time, () => {
    conn.posting = undefined;
    fail(conn, call, 408, "POST not complete within httpRequestBodyTimeout");
    giveUp();
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
