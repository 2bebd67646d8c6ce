/**
 * An HTTP server for a peer to sit on, which can be stopped for good: the
 * connections that clients keep alive are cut, so that the port is free at
 * once and a restart on the same port is a restart.
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";

export interface Listening {
  readonly http: Server;
  readonly port: number;
  /** Cuts what is still open and waits until the port is free. */
  stop(): Promise<void>;
}

/** Makes the HTTP server, lets `mount` put the peer on it, then listens. */
export async function listening(
  port: number,
  mount: (http: Server) => void,
): Promise<Listening> {
  const http = createServer();
  const sockets = new Set<Socket>();
  http.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  mount(http);
  await new Promise<void>((resolve, reject) => {
    http.once("error", reject);
    http.listen(port, "127.0.0.1", resolve);
  });
  const closed = new Promise<void>((resolve) => http.once("close", resolve));
  return {
    http,
    port: portOf(http),
    async stop() {
      if (http.listening) http.close();
      // Answers that are under way (the close packet of a held poll) get out first.
      await new Promise((resolve) => setImmediate(resolve));
      for (const socket of sockets) socket.destroySoon();
      const cut = setTimeout(() => {
        for (const socket of sockets) socket.destroy();
      }, 100);
      await closed;
      clearTimeout(cut);
    },
  };
}

function portOf(http: Server): number {
  const address: AddressInfo | string | null = http.address();
  if (address === null || typeof address === "string")
    throw new Error("expected a TCP address");
  return address.port;
}
