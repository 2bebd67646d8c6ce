/**
 * The smallest server that puts a WebSocket carrier on real sockets: it echoes
 * each message, and remembers how connections ended.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import {
  WebSocketCarrier,
  WebSocketKind,
} from "../../../src/carriers/websocket/carrier.js";
import { answerHandshake } from "../../../src/carriers/websocket/handshake.js";
import { LINES } from "../../../src/dialects/dialect.js";
import { Outgoing } from "../../../src/dialects/outgoing.js";
import type { Unit } from "../../../src/dialects/packet.js";
import { framePorts } from "../../../src/node/frame-ports.js";
import { sha1 } from "../../../src/runtimes/node/platform.js";
import { SocketStream } from "../../../src/runtimes/node/socket-stream.js";

export type End = { code: number; reason: string } | { error: Error };

export interface Connection {
  readonly carrier: WebSocketCarrier;
  readonly end: Promise<End>;
}

export interface EchoServer {
  readonly port: number;
  readonly url: string;
  /** The connection that was opened last. */
  latest(): Connection;
  close(): Promise<void>;
}

export async function echoServer(maxPayload = 1e6): Promise<EchoServer> {
  const kind = new WebSocketKind(
    { frame: (units: readonly Unit[]) => [...units] },
    LINES.websocket,
    maxPayload,
    framePorts,
  );
  const connections: Connection[] = [];
  const sockets = new Set<Duplex>();

  const server = createServer();
  server.on("upgrade", (request, socket, head) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    const answer = answerHandshake(request, {
      sha1,
      chooseProtocol: (offered) => (offered.has("echo") ? "echo" : undefined),
    });
    if (!answer.accepted) {
      socket.end(
        `HTTP/1.1 ${answer.status} Refused\r\nConnection: close\r\n\r\n${answer.message}`,
      );
      return;
    }
    socket.write(`${answer.lines.join("\r\n")}\r\n\r\n`);
    let tell: (end: End) => void = () => undefined;
    const end = new Promise<End>((done) => (tell = done));
    const carrier: WebSocketCarrier = new WebSocketCarrier(
      new SocketStream(socket),
      kind,
      {
        frame: (unit) => carrier.write([new Outgoing([unit])]),
        closed: (code, reason) => tell({ code, reason }),
        error: (error) => tell({ error }),
      },
    );
    connections.push({ carrier, end });
    socket.on("data", (chunk: Buffer) => carrier.receive(chunk));
    socket.on("end", () => socket.end());
    socket.on("close", () => carrier.lost());
    if (head.length > 0) carrier.receive(head);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;

  return {
    port,
    url: `ws://127.0.0.1:${port}`,
    latest() {
      const connection = connections.at(-1);
      if (!connection) throw new Error("no connection was opened");
      return connection;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** A client that speaks bytes: the handshake done, the rest is up to the test. */
export async function rawClient(port: number, headers = ""): Promise<Socket> {
  const socket = connect(port, "127.0.0.1");
  socket.write(
    "GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
      `${headers}\r\n`,
  );
  const [answer] = (await once(socket, "data")) as [Buffer];
  if (!answer.toString().endsWith("\r\n\r\n"))
    throw new Error(`not a handshake: ${answer.toString()}`);
  return socket;
}

/** All that the server sends until it ends the connection. */
export async function restOf(socket: Socket): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await once(socket, "end");
  socket.end();
  return Buffer.concat(chunks);
}
