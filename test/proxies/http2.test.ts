/**
 * HTTP/2 in front, as browsers speak it: polls as streams of one connection,
 * and a WebSocket inside of it, by an extended CONNECT (RFC 8441).
 */
import { once } from "node:events";
import { connect, type ClientHttp2Session } from "node:http2";
import type { Duplex, Writable } from "node:stream";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { load } from "../interop/peers/installed.js";
import { serve, type EchoServer } from "./peers.js";
import { isInstalled, proxies, start, type RunningProxy } from "./proxy.js";

/** Its types do not know these. */
const { Receiver, Sender } = load<{
  Receiver: new (options: object) => Writable;
  Sender: new (
    stream: Duplex,
    extensions: object,
  ) => { send(packet: string, options: object, done: () => void): void };
}>("ws");

const proxy = proxies.filter(({ file }) => file === "haproxy-h2.cfg")[0];
const skipped = !isInstalled(proxy);

let server: EchoServer;
let running: RunningProxy;
let session: ClientHttp2Session;

beforeAll(async () => {
  if (skipped) return;
  server = await serve("omnio");
  running = await start(proxy, server.port);
  session = connect(`https://127.0.0.1:${running.port}`, {
    rejectUnauthorized: false,
  });
  await once(session, "remoteSettings");
});

afterAll(async () => {
  session?.close();
  await running?.stop();
  await server?.close();
});

async function ask(method: string, path: string, body?: string) {
  const stream = session.request({
    ":method": method,
    ":path": path,
    ...(body !== undefined && { "content-type": "text/plain;charset=UTF-8" }),
  });
  stream.end(body);
  const [headers] = (await once(stream, "response")) as [
    Record<string, unknown>,
  ];
  return { status: headers[":status"], body: await text(stream) };
}

test.skipIf(skipped)("polls are streams of one connection", async () => {
  const path = "/socket.io/?EIO=4&transport=polling";
  const opened = await ask("GET", path);
  expect(opened.status).toBe(200);
  const { sid } = JSON.parse(opened.body.slice(1)) as { sid: string };
  const own = `${path}&sid=${sid}`;
  const held = ask("GET", own);
  expect(await ask("POST", own, "40")).toEqual({ status: 200, body: "ok" });
  expect((await held).body).toMatch(/^40\{"sid":/);
});

test.skipIf(skipped)("a WebSocket is one of its streams", async () => {
  expect(session.remoteSettings.enableConnectProtocol).toBe(true);
  const stream = session.request(
    {
      ":method": "CONNECT",
      ":protocol": "websocket",
      ":path": "/socket.io/?EIO=4&transport=websocket",
      "sec-websocket-version": "13",
    },
    { endStream: false },
  );
  const [headers] = (await once(stream, "response")) as [
    Record<string, unknown>,
  ];
  expect(headers[":status"]).toBe(200);
  const heard: string[] = [];
  const receiver = new Receiver({ isServer: false });
  const echoed = new Promise<void>((resolve) => {
    receiver.on("message", (data: Buffer) => {
      const packet = data.toString();
      heard.push(packet);
      if (packet.startsWith("0{")) send("40");
      else if (packet.startsWith("40{"))
        for (let i = 0; i < 100; i++) send(`42["echo",${i}]`);
      else if (packet === '42["echoed",99]') resolve();
      else if (packet === "2") send("3");
    });
  });
  const sender = new Sender(stream, {});
  const send = (packet: string) =>
    sender.send(
      packet,
      {
        binary: false,
        compress: false,
        fin: true,
        mask: true,
      },
      () => {},
    );
  stream.pipe(receiver);
  await echoed;
  expect(heard.filter((packet) => packet.startsWith("42"))).toEqual(
    Array.from({ length: 100 }, (_, i) => `42["echoed",${i}]`),
  );
  stream.close();
});
