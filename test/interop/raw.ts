/**
 * HTTP as bytes on a TCP connection: one request, and what came back until
 * the other side closed. Used where a client library would hide the answer.
 */
import { connect, type Socket } from "node:net";

export interface Answer {
  /** 0 when the connection ended without an answer. */
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

export interface Request {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

/** An exchange whose answer is still to come, as a held poll. */
export interface Exchange {
  readonly answer: Promise<Answer>;
  /** Everything received so far, for what comes after a 101. */
  received(): Buffer;
  readonly socket: Socket;
}

export function send(
  port: number,
  path: string,
  request: Request = {},
): Exchange {
  const { method = "GET", headers = {}, body } = request;
  const socket = connect(port, "127.0.0.1");
  const lines = [
    `${method} ${path} HTTP/1.1`,
    `Host: 127.0.0.1:${port}`,
    ...Object.entries({ Connection: "close", ...headers }).map(
      ([name, value]) => `${name}: ${value}`,
    ),
    ...(body === undefined
      ? []
      : [`Content-Length: ${Buffer.byteLength(body)}`]),
  ];
  socket.write(Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"));
  if (body !== undefined) socket.write(body);
  let received: Buffer = Buffer.alloc(0);
  socket.on("data", (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
  });
  socket.on("error", () => undefined);
  const answer = new Promise<Answer>((resolve) => {
    socket.on("close", () => resolve(parse(received)));
  });
  return { answer, received: () => received, socket };
}

export function ask(
  port: number,
  path: string,
  request?: Request,
): Promise<Answer> {
  return send(port, path, request).answer;
}

/** Asks for a WebSocket; the caller closes the connection if it is granted. */
export function upgrade(
  port: number,
  path: string,
  headers: Record<string, string> = {},
): Exchange {
  return send(port, path, {
    headers: {
      Connection: "Upgrade",
      Upgrade: "websocket",
      "Sec-WebSocket-Version": "13",
      "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
      ...headers,
    },
  });
}

function parse(received: Buffer): Answer {
  const end = received.indexOf("\r\n\r\n");
  if (end < 0) return { status: 0, headers: {}, body: received };
  const [first = "", ...fields] = received
    .toString("latin1", 0, end)
    .split("\r\n");
  const headers: Record<string, string> = {};
  for (const field of fields) {
    const colon = field.indexOf(":");
    headers[field.slice(0, colon).toLowerCase()] = field
      .slice(colon + 1)
      .trim();
  }
  const rest = received.subarray(end + 4);
  return {
    status: Number(first.split(" ")[1]),
    headers,
    body: headers["transfer-encoding"] === "chunked" ? unchunk(rest) : rest,
  };
}

function unchunk(body: Buffer): Buffer {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const end = body.indexOf("\r\n", at);
    const size = parseInt(body.toString("latin1", at, end), 16);
    if (!(size > 0)) return Buffer.concat(chunks);
    chunks.push(body.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}
