/** The client of the package in Bun and Deno, at servers in Node, Bun and Deno. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Server } from "../../src/index.js";
import { bunProgram, denoProgram } from "./binaries.js";
import { run, repository } from "../package/project.js";
import { ensureBuilt, program, Program } from "./process.js";

const RUNTIMES = {
  bun: () => [bunProgram()],
  deno: () => [denoProgram(), "run", "--allow-all", "--no-check"],
};

let node: Server;
const servers: Program[] = [];
const urls: Record<string, string> = {};

beforeAll(async () => {
  await ensureBuilt();
  node = new Server(0);
  node.on("connection", (socket) => {
    socket.on(
      "echo",
      (text: unknown, bytes: unknown, answer: (...args: unknown[]) => void) =>
        answer(text, bytes),
    );
    socket.on("kick", () => socket.disconnect(true));
  });
  const address = node.httpServer.address();
  if (address === null || typeof address === "string")
    throw new Error("expected a TCP address");
  urls["node"] = `http://127.0.0.1:${address.port}`;
  for (const [name, command] of Object.entries(RUNTIMES)) {
    const [file = "", ...args] = command();
    const server = Program.start(file, [...args, program("server.mjs"), name]);
    servers.push(server);
    const { port } = await server.line({});
    urls[name] = `http://127.0.0.1:${Number(port)}`;
  }
}, 120_000);

afterAll(async () => {
  await node.close();
  for (const server of servers) expect(await server.stop()).toBe(0);
});

describe.each(Object.entries(RUNTIMES))("in %s", (_runtime, command) => {
  test.each(["node", "bun", "deno"])("at a server in %s", async (server) => {
    const [file = "", ...args] = command();
    const printed = await run(
      repository,
      file,
      [...args, program("client.mjs"), urls[server] ?? ""],
      15_000,
    );
    const said = (transports: string[]) => ({
      transports,
      transport: transports.at(-1),
      text: "漢字 €",
      bytes: [0, 255],
      reason: "io server disconnect",
    });
    expect(
      printed
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      said(["polling"]),
      said(["websocket"]),
      said(["polling", "websocket"]),
    ]);
  });
});
