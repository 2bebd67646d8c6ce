/**
 * The Node engine on a real server, with a listener that answers every packet
 * by itself, and requests made by hand.
 */
import { once } from "node:events";
import {
  createServer,
  request,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type Server,
} from "node:http";
import { connect, type AddressInfo, type Socket } from "node:net";
import { onTestFinished } from "vitest";
import { eio3, eio4 } from "../../../src/dialects/index.js";
import { Outgoing } from "../../../src/dialects/outgoing.js";
import type { Packet } from "../../../src/dialects/packet.js";
import { NodeEngine } from "../../../src/runtimes/node/engine.js";
import { base64 } from "../../../src/runtimes/node/platform.js";
import type { Connection } from "../../../src/server/connection.js";
import { resolveLimits } from "../../../src/server/limits.js";
import type { EngineOptions } from "../../../src/server/options.js";

const DEFAULTS: EngineOptions = {
  pingTimeout: 20_000,
  pingInterval: 25_000,
  upgradeTimeout: 10_000,
  maxHttpBufferSize: 1e6,
  allowRequest: undefined,
  transports: ["polling", "websocket"],
  allowUpgrades: true,
  perMessageDeflate: false,
  httpCompression: { threshold: 1024 },
  wsEngine: undefined,
  initialPacket: undefined,
  cookie: false,
  cors: false,
  allowEIO3: true,
  maxAttachments: 10,
  enforceOrigin: false,
  maxBufferedBytes: 1024 * 1024,
  maxBufferedPackets: 20_000,
  slowConsumerGrace: 20_000,
  httpRequestBodyTimeout: 30_000,
  maxBufferedChunks: 10_000,
  limits: resolveLimits({}, 1000),
};

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

export class Site {
  readonly closed: string[] = [];

  private constructor(
    readonly http: Server,
    readonly engine: NodeEngine,
  ) {}

  static async open(
    options: Partial<EngineOptions> = {},
    http: Server = createServer((_request, response) => {
      response.end("the application");
    }),
  ): Promise<Site> {
    const all = { ...DEFAULTS, ...options };
    const engine = new NodeEngine(all, [eio4({ base64 }), eio3({ base64 })]);
    const site = new Site(http, engine);
    engine.accept = (connection) => site.#answerAll(connection);
    engine.attach(http, { path: "/socket.io", destroyUpgradeTimeout: 1 });
    http.listen(0);
    await once(http, "listening");
    onTestFinished(async () => {
      engine.close();
      http.closeAllConnections?.();
      http.close();
      if (http.listening) await once(http, "close");
    });
    return site;
  }

  get port(): number {
    return (this.http.address() as AddressInfo).port;
  }

  // Joins whoever asks, and echoes every event.
  #answerAll(connection: Connection): void {
    const send = (packet: Packet) =>
      connection.deliver(new Outgoing(connection.dialect.encode(packet)));
    connection.listener = {
      packet: (packet) => {
        if (packet.type === "connect")
          send({ type: "connect", nsp: packet.nsp, sid: "public" });
        if (packet.type === "event") send(packet);
      },
      malformed: () => {},
      drained: () => {},
      closed: (reason) => this.closed.push(reason),
      isRooted: false,
      misnamed: () => {},
    };
  }

  get(
    path: string,
    headers: OutgoingHttpHeaders = {},
    method = "GET",
    body?: string,
  ): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const asked = request(
        { port: this.port, path, headers, method, agent: false },
        (response) => {
          let text = "";
          response.setEncoding("utf8");
          response.on("data", (chunk: string) => (text += chunk));
          response.on("end", () =>
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              body: text,
            }),
          );
        },
      );
      asked.on("error", reject);
      asked.end(body);
    });
  }

  /** Opens a polling session and returns its id. */
  async handshake(): Promise<string> {
    const { body } = await this.get("/socket.io/?EIO=4&transport=polling");
    return (JSON.parse(body.slice(1)) as { sid: string }).sid;
  }

  /** A bare TCP connection, closed with the test. */
  async tcp(): Promise<Socket> {
    const socket = connect(this.port);
    socket.on("error", () => {});
    onTestFinished(() => void socket.destroy());
    await once(socket, "connect");
    return socket;
  }

  /** Sends text over a bare connection and reads until the server closes it. */
  async raw(text: string): Promise<string> {
    const socket = await this.tcp();
    let answer = "";
    socket.setEncoding("latin1");
    socket.on("data", (chunk: string) => (answer += chunk));
    socket.write(text);
    await once(socket, "close");
    return answer;
  }
}

/** The head of a WebSocket request. */
export function upgradeRequest(
  path: string,
  headers: Record<string, string> = {},
): string {
  const all = {
    Host: "localhost",
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return [`GET ${path} HTTP/1.1`, ...lines, "", ""].join("\r\n");
}
