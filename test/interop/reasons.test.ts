/**
 * Why a connection ended, as both ends say it: our server and our client say
 * what socket.io 4.8 says, each with the other's counterpart.
 */
import { describe, expect, test } from "vitest";
import { client4 } from "./peers/official-clients.js";
import { server4 } from "./peers/official-servers.js";
import { omnioClient, omnioServer } from "./peers/omnio.js";
import {
  pairName,
  type ClientSocket,
  type Pair,
  type RunningServer,
  type ServerSocket,
  type Transport,
} from "./peers/peer.js";
import { proxyTo, type Proxy } from "./proxy.js";
import { next } from "./rig.js";

interface Scene {
  server: RunningServer;
  proxy: Proxy;
  client: ClientSocket;
  socket: ServerSocket;
}

interface Way {
  name: string;
  /** On polls some reasons depend on which request is the first to notice. */
  transports?: Transport[];
  end: (scene: Scene) => unknown;
  client: string;
  server: string;
}

const BOTH: Transport[] = ["polling", "websocket"];

const WAYS: Way[] = [
  {
    name: "io.disconnectSockets(true)",
    end: ({ server }) => server.io.disconnectSockets?.(true),
    client: "io server disconnect",
    server: "server namespace disconnect",
  },
  {
    name: "io.close()",
    transports: ["websocket"],
    end: ({ server }) => server.close(),
    client: "transport close",
    server: "server shutting down",
  },
  {
    name: "the wire is cut",
    transports: ["websocket"],
    end: ({ proxy }) => proxy.cut(),
    client: "transport close",
    server: "transport close",
  },
  {
    name: "the wire goes silent",
    transports: ["websocket"],
    end: ({ proxy }) => proxy.silence(),
    client: "ping timeout",
    server: "ping timeout",
  },
  {
    name: "what is no packet of Socket.IO",
    end: ({ client }) => client.io.engine.write("garbage"),
    client: "transport close",
    server: "forced close",
  },
  {
    name: "an event with a reserved name",
    end: ({ client }) => client.io.engine.write('2["disconnect"]'),
    client: "transport close",
    server: "forced close",
  },
  {
    name: "a second CONNECT",
    end: ({ client }) => client.io.engine.write("0"),
    client: "transport close",
    server: "forced close",
  },
  {
    name: "more than maxHttpBufferSize",
    transports: ["websocket"],
    end: ({ client }) => client.emit("large", "x".repeat(2_000)),
    client: "transport close",
    server: "transport error",
  },
];

const PAIRS: Pair[] = [
  { server: server4(), client: client4() },
  { server: omnioServer(), client: client4() },
  { server: server4(), client: omnioClient() },
  { server: omnioServer(), client: omnioClient() },
];

async function outcome(
  pair: Pair,
  transport: Transport,
  end: Way["end"],
): Promise<{ client: string; server: string }> {
  const server = await pair.server.start({
    maxHttpBufferSize: 1_000,
    pingInterval: 150,
    pingTimeout: 150,
  });
  const proxy = await proxyTo(server.port);
  const arrived = next<[ServerSocket]>(server.io, "connection");
  const client = pair.client.open(proxy.port, { transport });
  try {
    const [[socket]] = await Promise.all([arrived, next(client, "connect")]);
    const reasons = Promise.all([
      next<[string]>(client, "disconnect", "the client's reason"),
      next<[string]>(socket, "disconnect", "the server's reason"),
    ]);
    await Promise.all([end({ server, proxy, client, socket }), reasons]);
    const [[clientReason], [serverReason]] = await reasons;
    return { client: clientReason, server: serverReason };
  } finally {
    client.disconnect();
    await proxy.close();
    await server.close();
  }
}

describe.each(PAIRS.map((pair) => [pairName(pair), pair] as const))(
  "%s",
  (_, pair) => {
    const cases = WAYS.flatMap((way) =>
      (way.transports ?? BOTH).map(
        (transport) => [way.name, transport, way] as const,
      ),
    );
    test.each(cases)("%s, %s", async (_name, transport, way) => {
      const { client, server } = way;
      expect(await outcome(pair, transport, way.end)).toEqual({
        client,
        server,
      });
    });
  },
);
