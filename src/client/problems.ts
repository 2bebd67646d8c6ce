/**
 * Why a connection could not be made or ended, in a sentence that says what
 * happened and where to look. Errors of transports say what failed; what is
 * usually behind it is here.
 */

/** Where the connection was to go, for the sentence. */
export interface Attempted {
  /** Without secrets. */
  readonly url: string;
  /** Of the option `path`. */
  readonly path: string;
}

/** By the system's word for it. */
const BY_CODE: Readonly<Record<string, string>> = {
  ECONNREFUSED:
    "nothing listens there; is the server running, and is the port right?",
  ENOTFOUND: "there is no such host; look at the address",
  EAI_AGAIN: "the name of the host could not be looked up just now",
  ECONNRESET:
    "the other end hung up; is it a Socket.IO server, and http or https as it expects?",
  ETIMEDOUT: "no answer; is a firewall in between?",
  EHOSTUNREACH: "there is no way to that host",
  EPROTO: "the other end does not speak TLS; is it http instead of https?",
  ERR_SSL_WRONG_VERSION_NUMBER:
    "the other end does not speak TLS; is it http instead of https?",
  DEPTH_ZERO_SELF_SIGNED_CERT:
    "its certificate is signed by itself; pass it as the option `ca`",
  SELF_SIGNED_CERT_IN_CHAIN:
    "an authority that nobody knows signed its certificate; pass that one as the option `ca`",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    "its certificate could not be traced to an authority; pass that one as the option `ca`",
  CERT_HAS_EXPIRED: "its certificate has expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another host",
};

/** By the number in Engine.IO's refusals. */
const REFUSALS: readonly string[] = [
  "the server does not let this transport in (code 0); look at `transports` on both ends",
  'the server does not know the session (code 1); with several servers behind one address, the load balancer needs sticky sessions, or use `transports: ["websocket"]`',
  "the server expected a GET (code 2); a proxy in between may have changed the request",
  "the server found the request malformed (code 3); if it was a WebSocket, a proxy in between may not pass on the headers `Upgrade` and `Connection`",
  "the server does not let us in (code 4); look at its `allowRequest` and at the origins it allows",
  "the server does not serve this generation of the protocol (code 5); look at its `generations` or `allowEIO3`, and at the client's `protocol`",
];

/** One sentence, without a full stop. */
export function explain(error: unknown, { url, path }: Attempted): string {
  const what = error instanceof Error ? error.message : String(error);
  const where = `could not connect to ${url} (path ${path})`;
  const hint = hintOf(error, what, path);
  return `${where}: ${what}${hint === undefined ? "" : `: ${hint}`}`;
}

function hintOf(
  error: unknown,
  what: string,
  path: string,
): string | undefined {
  const description = property(error, "description");
  const refused = refusalIn(
    property(property(error, "context"), "responseText"),
  );
  if (refused !== undefined) return refused;
  const code = property(error, "code") ?? property(description, "code");
  if (typeof code === "string" && code in BY_CODE) return BY_CODE[code];
  const status = statusOf(description);
  if (status !== undefined) return byStatus(status, path);
  if (what === "timeout")
    return "no answer in time (option `timeout`); is the address right, and the server not overloaded?";
  if (what === "server error")
    return `what answers there is no Socket.IO server, or its \`path\` is not ${path}`;
  if (description instanceof Error && description.message)
    return description.message;
  if (isOpaque(description))
    return "the browser does not say why; either the server is not reachable, or its option `cors` does not allow this page's origin (the browser's console tells)";
  return undefined;
}

function byStatus(status: number, path: string): string | undefined {
  if (status === 0)
    return "no answer that the page may read; either the server is not reachable, or its option `cors` does not allow this page's origin (the browser's console tells)";
  if (status === 404)
    return `HTTP status 404: nothing is served there; is the server's \`path\` really ${path}, and is Socket.IO attached to the server that listens?`;
  if (status === 401 || status === 403)
    return `HTTP status ${status}: the server, or a proxy before it, does not let us in`;
  if (status === 413)
    return "HTTP status 413: more was sent than the server (`maxHttpBufferSize`) or a proxy takes at once";
  if (status === 502 || status === 503 || status === 504)
    return `HTTP status ${status}: a proxy answered in place of the server; is that running?`;
  if (status === 200 || status === 400 || status === 426)
    return `HTTP status ${status} in place of a WebSocket; does a proxy in between pass on the headers \`Upgrade\` and \`Connection\`, and is the \`path\` ${path}?`;
  return `HTTP status ${status}`;
}

/** The status of an answer to a poll, or the one that `ws` has in its sentence. */
function statusOf(description: unknown): number | undefined {
  if (typeof description === "number") return description;
  const said = property(description, "message");
  const [, status] =
    (typeof said === "string" && /server response: (\d+)/.exec(said)) || [];
  return status === undefined ? undefined : Number(status);
}

function refusalIn(body: unknown): string | undefined {
  if (typeof body !== "string") return undefined;
  const [, code] = /"code":\s*([0-5])\b/.exec(body.slice(0, 1000)) ?? [];
  return code === undefined ? undefined : REFUSALS[Number(code)];
}

/** Browsers give an event without reasons. */
function isOpaque(description: unknown): boolean {
  return (
    (typeof Event !== "undefined" && description instanceof Event) ||
    description instanceof TypeError
  );
}

function property(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  try {
    return Reflect.get(value, name);
  } catch {
    // A request whose answer is bytes has a text that must not be read.
    return undefined;
  }
}
