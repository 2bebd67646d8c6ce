/** A wire between client and server that can be cut or go silent, and a proxy that holds answers back. */
import { createServer as createHttpServer, request } from "node:http";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

export interface Proxy {
  readonly port: number;
  /** New connections go to that port from now on. */
  aim(port: number): void;
  /** Ends every connection at once, as when a cable is pulled and both ends notice. */
  cut(): void;
  /** Keeps the connections and forwards nothing any more. */
  silence(): void;
  close(): Promise<void>;
}

export async function proxyTo(port: number): Promise<Proxy> {
  let target = port;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target, "127.0.0.1");
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on("error", () => undefined);
      from.on("close", () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    aim(next) {
      target = next;
    },
    cut,
    silence() {
      for (const socket of sockets) {
        socket.unpipe();
        socket.resume();
      }
    },
    close() {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Passes requests and answers on when they are complete, and not before. */
export async function bufferingProxyTo(
  port: number,
): Promise<Pick<Proxy, "port" | "close">> {
  const server = createHttpServer((incoming, outgoing) => {
    incoming.setEncoding("latin1");
    whole(incoming, (body) => {
      const { method, url: path, headers } = incoming;
      const onward = request(
        { host: "127.0.0.1", port, method, path, headers, agent: false },
        (answer) => {
          answer.setEncoding("latin1");
          whole(answer, (text) => {
            const bytes = Buffer.from(text, "latin1");
            const kept = { ...answer.headers };
            delete kept["transfer-encoding"];
            outgoing.writeHead(answer.statusCode ?? 502, {
              ...kept,
              "content-length": bytes.length,
            });
            outgoing.end(bytes);
          });
        },
      );
      onward.on("error", () => outgoing.destroy());
      outgoing.on("close", () => onward.destroy());
      onward.end(Buffer.from(body, "latin1"));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function whole(
  stream: NodeJS.ReadableStream,
  then: (text: string) => void,
): void {
  let text = "";
  stream.on("data", (chunk: string) => (text += chunk));
  stream.on("end", () => then(text));
}
