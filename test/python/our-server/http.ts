/** What HTTP adds: cookies, origins, compression, and JSONP. */
import type { Server as HttpServer, ServerResponse } from "node:http";
import { expect } from "vitest";
import type { RunningServer, ServerFeature } from "./rig.js";

/** How each answer was encoded. */
function encodings({ io }: RunningServer): unknown[] {
  const seen: unknown[] = [];
  (io.httpServer as HttpServer).prependListener(
    "request",
    (_, response: ServerResponse) => {
      const write = response.writeHead.bind(response);
      response.writeHead = (status: number, ...rest: unknown[]) => {
        const headers = rest.at(-1) as Record<string, unknown>;
        seen.push(headers["content-encoding"] ?? headers["Content-Encoding"]);
        return write(status, ...(rest as []));
      };
    },
  );
  return seen;
}

const FRIEND = "https://friend.example";

export const http: readonly ServerFeature[] = [
  {
    name: "cookie comes back",
    transports: ["polling", "upgrade"],
    async run(rig) {
      const server = await rig.start({ cookie: true });
      const transport = rig.transport === "polling" ? "polling" : "websocket";
      const cookie = new Promise<string | undefined>((resolve) => {
        server.io.engine.on(
          "headers",
          (_headers: unknown, request: unknown) => {
            const { headers, url } = request as {
              headers: Record<string, string>;
              url: string;
            };
            if (url.includes("sid=") && url.includes(transport))
              resolve(headers["cookie"]);
          },
        );
      });
      // Under the address of a host, clients keep no cookies.
      await rig.ends(server, { url: `http://localhost:${server.port}` });
      expect(await cookie).toMatch(/^io=/);
    },
  },
  {
    name: "CORS: an origin that is allowed, and one that is not",
    fault: {
      reason:
        "websocket-client sends the address of the server as Origin, too, so there are two",
      applies: (peer, transport) =>
        peer === "Client" && transport === "websocket",
    },
    async run(rig) {
      const server = await rig.start({
        cors: { origin: [FRIEND] },
        enforceOrigin: true,
      });
      const from = (Origin: string) => ({ headers: { Origin } });
      const { client, socket } = await rig.ends(server, from(FRIEND));
      expect(socket.handshake.headers.origin).toBe(FRIEND);
      await client.told.next("connect");
      const stranger = rig.client();
      await expect(
        rig.connect(stranger, server, from("https://stranger.example")),
      ).rejects.toThrow("ConnectionError");
      expect(server.io.engine.clientsCount).toBe(1);
    },
  },
  {
    name: "compression, as the client accepts it",
    transports: ["polling", "upgrade"],
    async run(rig) {
      // What is compressed are answers to polls.
      const server = await rig.start({
        httpCompression: { threshold: 1024 },
        ...(rig.transport === "upgrade" && { allowUpgrades: false }),
      });
      const seen = encodings(server);
      const { client, socket } = await rig.ends(server);
      const text = "€ and more of it; ".repeat(500);
      socket.emit("large", text);
      expect(await client.told.args("large")).toEqual([text]);
      expect(seen).toContain("gzip");
      expect(seen).toContain(undefined);
    },
  },
  {
    name: "JSONP",
    transports: ["polling"],
    async run(rig) {
      const server = await rig.start();
      server.io.on("connection", (socket) =>
        socket.on("echo", (value: unknown, answer: (value: unknown) => void) =>
          answer(value),
        ),
      );
      const data = { text: 'a "quoted"\nline, \u2028 and €', list: [1, null] };
      const url = `http://127.0.0.1:${server.port}/socket.io/`;
      const conversation = { url, event: "echo", data };
      expect(await rig.client().ask("jsonp", conversation)).toEqual([
        "40",
        [`430${JSON.stringify([data])}`],
        ["ok", "ok"],
      ]);
    },
  },
];
