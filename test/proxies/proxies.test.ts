/**
 * Behind the proxies that people run: clients of four kinds keep a connection
 * over two heartbeats and get back what they sent, over each transport that the
 * proxy passes on. The table is written into test-output/.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  clients,
  serve,
  type ClientKind,
  type EchoClient,
  type EchoServer,
} from "./peers.js";
import {
  isInstalled,
  proxies,
  start,
  type RunningProxy,
  type Transport,
} from "./proxy.js";

/** 300 kB in UTF-8, of characters of one to four bytes. */
const TEXT = "aßあ\u{1f600}".repeat(30_000);
const BYTES = Buffer.from(Array.from({ length: 4096 }, (_, i) => i % 256));
const EVENTS = 500;

const cells = new Map<string, string>();
const kinds = clients();

function echo(client: EchoClient, ...args: unknown[]): Promise<unknown[]> {
  return new Promise((resolve) => {
    client.on("echoed", (...echoed: unknown[]) => resolve(echoed));
    client.emit("echo", ...args);
  });
}

function inOrder(client: EchoClient): Promise<number[]> {
  const heard: number[] = [];
  return new Promise((resolve) => {
    client.on("echoed", (i: number) => {
      if (typeof i === "number" && heard.push(i) === EVENTS) resolve(heard);
    });
    for (let i = 0; i < EVENTS; i++) client.emit("echo", i);
  });
}

/** What holds, in the words of the table. */
async function exercise(
  kind: ClientKind,
  url: string,
  server: EchoServer,
  transport: Transport,
): Promise<void> {
  const client = await kind.open(url, transport);
  try {
    // Polls of 0.9 are its heartbeat: there are no others.
    const beats =
      kind.plainOnly && transport === "polling"
        ? undefined
        : server.heartbeats(2);
    expect(await echo(client, TEXT)).toEqual([TEXT]);
    if (kind.binary) {
      const [bytes] = await echo(client, BYTES);
      expect(Buffer.from(bytes as Uint8Array)).toEqual(BYTES);
    }
    expect(await inOrder(client)).toEqual(
      Array.from({ length: EVENTS }, (_, i) => i),
    );
    await beats;
    expect(await echo(client, "still here")).toEqual(["still here"]);
    expect(server.transport()).toBe(
      transport === "upgrade"
        ? "websocket"
        : transport === "polling" && kind.plainOnly
          ? "xhr-polling"
          : transport,
    );
  } finally {
    await client.end();
  }
}

describe.each(proxies)("$title", (proxy) => {
  describe.each(["omnio", "socket.io"] as const)("%s", (name) => {
    let server: EchoServer;
    let running: RunningProxy;

    beforeAll(async () => {
      if (!isInstalled(proxy)) return;
      server = await serve(name);
      running = await start(proxy, server.port);
    });

    afterAll(async () => {
      await running?.stop();
      await server?.close();
    });

    const visitors = kinds.filter(
      ({ servers, plainOnly }) =>
        servers.includes(name) && !(plainOnly && proxy.secure),
    );
    const rows = visitors.flatMap((kind) =>
      kind.transports
        .filter((transport) => proxy.transports.includes(transport))
        .map((transport) => ({ kind, transport, client: kind.title })),
    );
    test.skipIf(!isInstalled(proxy)).each(rows)(
      "$client, $transport",
      async ({ kind, transport }) => {
        const cell = `${proxy.title}|${name}|${kind.title}|${transport}`;
        cells.set(cell, "FAIL");
        const scheme = proxy.secure ? "https" : "http";
        const url = `${scheme}://127.0.0.1:${running.port}`;
        await exercise(kind, url, server, transport);
        cells.set(cell, "ok");
      },
      15_000,
    );
  });
});

afterAll(async () => {
  for (const kind of kinds) await kind.shutDown?.();
  const columns = (["omnio", "socket.io"] as const).flatMap((name) =>
    kinds
      .filter(({ servers }) => servers.includes(name))
      .map((kind) => ({ name, kind })),
  );
  const lines = [
    "# Behind proxies",
    "",
    "Polling, upgrade and WebSocket alone; `–`: not to be had there.",
    "",
    `| proxy | ${columns.map(({ name, kind }) => `${kind.title} at ${name}`).join(" | ")} |`,
    `|${" --- |".repeat(columns.length + 1)}`,
    ...proxies.map(
      (proxy) =>
        `| ${proxy.title} | ${columns
          .map(({ name, kind }) =>
            (["polling", "upgrade", "websocket"] as const)
              .map(
                (transport) =>
                  cells.get(
                    `${proxy.title}|${name}|${kind.title}|${transport}`,
                  ) ?? "–",
              )
              .join(" "),
          )
          .join(" | ")} |`,
    ),
    "",
  ];
  await mkdir("test-output", { recursive: true });
  await writeFile("test-output/proxies.md", lines.join("\n"));
});
