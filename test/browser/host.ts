/**
 * Our server with a small web site on the same port: pages that load one
 * client bundle each, ours from the server's own path, the others from their
 * packages.
 */
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Server } from "../../src/index.js";
import { listening } from "../interop/peers/listening.js";

const modules = new URL("../../node_modules/", import.meta.url);

/** The bundles by the name of their page. */
export const BUNDLES = {
  omnio: "/socket.io/socket.io.js",
  "omnio.min": "/socket.io/socket.io.min.js",
  "omnio.esm": "/socket.io/socket.io.esm.min.js",
  "4.8": "socket.io/client-dist/socket.io.js",
  "4.8.esm": "socket.io/client-dist/socket.io.esm.min.js",
  "3.1": "sioc3/dist/socket.io.js",
  "2.5": "sioc2/dist/socket.io.js",
  "1.7": "sioc1/dist/socket.io.js",
} as const;

export type Bundle = keyof typeof BUNDLES;

export interface Host {
  readonly io: Server;
  readonly port: number;
  readonly origin: string;
  close(): Promise<void>;
}

export async function open(options: object = {}, port = 0): Promise<Host> {
  const mounted: Server[] = [];
  const site = await listening(port, (http) => {
    http.on("request", serve);
    mounted.push(new Server(http, { allowEIO3: true, ...options }));
  });
  const [io] = mounted;
  if (io === undefined) throw new Error("nothing was mounted");
  return {
    io,
    port: site.port,
    origin: `http://127.0.0.1:${site.port}`,
    async close() {
      // Browsers open connections for later, whose first requests Node would wait for.
      await Promise.all([io.close(), site.stop()]);
    },
  };
}

function serve(request: IncomingMessage, response: ServerResponse): void {
  const { pathname } = new URL(request.url ?? "/", "http://127.0.0.1");
  const name = decodeURIComponent(pathname.slice(1));
  if (name in BUNDLES) {
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" });
    response.end(page(name as Bundle));
  } else if (pathname.startsWith("/modules/")) {
    response.writeHead(200, {
      "Content-Type": "text/javascript; charset=utf-8",
    });
    response.end(
      readFileSync(new URL(pathname.slice("/modules/".length), modules)),
    );
  } else {
    response.writeHead(pathname === "/favicon.ico" ? 204 : 404).end();
  }
}

function page(bundle: Bundle): string {
  const file = BUNDLES[bundle];
  const source = file.startsWith("/") ? file : `/modules/${file}`;
  const script =
    bundle.endsWith("esm") || bundle.endsWith(".esm")
      ? `<script type="module">
         import { io } from "${source}";
         window.io = io;
         window.ready = true;
       </script>`
      : `<script src="${source}"></script><script>window.ready = true;</script>`;
  return `<!doctype html><html><head><meta charset="utf-8"><title>${bundle}</title></head>
    <body>${script}</body></html>`;
}
