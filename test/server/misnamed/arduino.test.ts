/** arduinoWebSockets: a session by polling, and to a WebSocket at once, up to 2.3 without a probe. */
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { Server as Reference } from "socket.io";
import { describe, onTestFinished, test } from "vitest";
import { Server } from "../../../src/index.js";
import { text } from "../../security/wire.js";
import { open, type Script } from "./clients.js";

interface Echoing {
  on(event: "connection", listener: (socket: Echoed) => void): unknown;
  close(): unknown;
}

interface Echoed {
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  emit(event: string, ...args: unknown[]): unknown;
}

const SERVERS: [string, (http: object) => Echoing][] = [
  [
    "socket.io 4.8",
    (http) => new Reference(http as never, { allowEIO3: true }),
  ],
  ["ours", (http) => new Server(http)],
];

const script = (revision: number, sid: string): Script => ({
  path: `/socket.io/?EIO=${revision}&transport=websocket&sid=${sid}`,
  headers: {
    Host: "10.0.0.2:3000",
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol": "arduino",
    Origin: "file://",
    "User-Agent": "arduino-WebSocket-Client",
  },
});

async function sessionOf(port: number, revision: number): Promise<string> {
  const answer = await fetch(
    `http://127.0.0.1:${port}/socket.io/?EIO=${revision}&transport=polling`,
    { headers: { "User-Agent": "arduino-WebSocket-Client" } },
  );
  return /"sid":"([^"]+)"/.exec(await answer.text())?.[1] ?? "";
}

describe.each(SERVERS)("at %s", (_, serve) => {
  test.each([
    ["2.3.3, for servers of 2.x", 3, ["5"], []],
    ["2.3.4 and later, for servers of 2.x", 3, ["2probe", "5"], []],
    ["2.3.4 and later, for servers of 4.x", 4, ["2probe", "5"], ["40/"]],
  ])("%s", async (_name, revision, first, joins) => {
    const http = createServer();
    const io = serve(http);
    io.on("connection", (socket) =>
      socket.on("say", (said) => socket.emit("said", said)),
    );
    http.listen(0, "127.0.0.1");
    await once(http, "listening");
    onTestFinished(() => void io.close());
    const { port } = http.address() as AddressInfo;
    const sid = await sessionOf(port, revision);
    const wire = await open(port, script(revision, sid));
    wire.send(...[...first, ...joins].map(text));
    await wire.hears(/^40/);
    if (revision === 3) {
      wire.send(text("2"));
      await wire.hears(/^3$/);
    }
    wire.send(text('42["say",1]'));
    await wire.hears(/^42\["said",1\]$/);
  });
});
