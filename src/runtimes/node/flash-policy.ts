/**
 * The socket policy that Flash asks for before it opens a connection, and with
 * it the clients of Socket.IO 0.6 to 0.9 in browsers that have no WebSocket. It
 * asks on port 843, and otherwise on the port that it wants to connect to.
 */
import type { EventEmitter } from "node:events";
import type { Server as HttpServer } from "node:http";
import { createServer, Socket, type Server } from "node:net";
import { Server as TlsServer } from "node:tls";
import { hangUp } from "./hang-up.js";

/** Who may connect, and to which ports. */
export interface FlashPolicyRule {
  /** A domain, `"*.example.com"`, or `"*"`. */
  readonly domain: string;
  /** A list of ports and ranges such as `"80,8000-8100"`, or `"*"`. */
  readonly ports: string;
}

/** The whole of a request. */
const REQUEST = "<policy-file-request/>\0";

/** The port that Flash tries first. */
const POLICY_PORT = 843;

/** The policy as XML. */
export function flashPolicy(rules: readonly FlashPolicyRule[]): string {
  return [
    '<?xml version="1.0"?>',
    '<!DOCTYPE cross-domain-policy SYSTEM "http://www.macromedia.com/xml/dtds/cross-domain-policy.dtd">',
    "<cross-domain-policy>",
    ...rules.map(
      ({ domain, ports }) =>
        `<allow-access-from domain="${escape(domain)}" to-ports="${escape(ports)}"/>`,
    ),
    "</cross-domain-policy>",
  ].join("\n");
}

/**
 * Answers Flash's requests on an HTTP server's own port. Normal connections
 * cost nothing: the parser's complaint about the request is what is looked at.
 * On a TLS server there is nothing to answer, as Flash asks in the clear.
 */
export function answerFlashPolicy(server: HttpServer, policy: string): void {
  if (server instanceof TlsServer) return;
  const emitter: EventEmitter = server;
  const emit = emitter.emit.bind(emitter);
  // A listener would switch off Node's own answers to all other errors, and
  // those of the application would answer the request once more.
  emitter.emit = (event: string | symbol, ...args: unknown[]) => {
    if (event !== "clientError") return emit(event, ...args);
    const [error, socket] = args;
    if (!(socket instanceof Socket) || !asksForPolicy(error, socket))
      return emit(event, ...args);
    send(policy, socket);
    return true;
  };
}

export interface FlashPolicyServerOptions {
  /** @default 843 */
  readonly port?: number;
  /** The address to listen on. @default all of them */
  readonly host?: string;
  /** Is told in a sentence why the port cannot be opened, or what else went wrong. */
  readonly failed: (message: string, error: NodeJS.ErrnoException) => void;
}

/**
 * Starts a server that gives the policy to whoever connects, without being
 * asked, as those of Socket.IO did. It never ends the process: without it Flash
 * is some seconds slower, as it asks on the other port in vain first.
 */
export function serveFlashPolicy(
  policy: string,
  { port = POLICY_PORT, host, failed }: FlashPolicyServerOptions,
): Server {
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    send(policy, socket);
  });
  server.on("error", (error: NodeJS.ErrnoException) => {
    failed(sentence(error, port), error);
  });
  return server.listen(port, host);
}

function send(policy: string, socket: Socket): void {
  // Flash reads up to the zero byte.
  socket.write(`${policy}\0`);
  hangUp(socket);
}

/**
 * Whether the first bytes of a connection are the request. The parser gives up
 * at the first of them, so if they arrive in pieces, one is enough: no HTTP
 * begins like this, and the policy is no secret.
 */
function asksForPolicy(error: unknown, socket: Socket): boolean {
  if (!(error instanceof Error) || !("rawPacket" in error)) return false;
  const { rawPacket } = error;
  if (!Buffer.isBuffer(rawPacket) || rawPacket.length === 0) return false;
  if (socket.bytesRead !== rawPacket.length || !socket.writable) return false;
  return REQUEST.startsWith(rawPacket.toString("latin1", 0, REQUEST.length));
}

function sentence(error: NodeJS.ErrnoException, port: number): string {
  switch (error.code) {
    case "EACCES":
      return `The Flash policy server may not listen on port ${port}: ports below 1024 need the right to, such as root's. Flash asks on the server's own port instead.`;
    case "EADDRINUSE":
      return `The Flash policy server cannot listen on port ${port}: something else does. Flash asks there first, and on the server's own port if it gets no policy.`;
    default:
      return `The Flash policy server on port ${port} failed: ${error.message}.`;
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

function escape(value: string): string {
  return value.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? "");
}
