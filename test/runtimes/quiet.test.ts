/**
 * A server and a client print nothing that nobody asked for, and need no
 * permission that they do not use. "Node.js" is the version that runs the tests.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { beforeAll, describe, expect, test } from "vitest";
import { repository } from "../package/project.js";
import { bunProgram, denoProgram } from "./binaries.js";
import { ensureBuilt } from "./process.js";

beforeAll(ensureBuilt, 120_000);

/** `completed`, which Deno has in place of the signal, says nothing of clients that leave. */
const DENO = ["run", "--no-check", "--unstable-no-legacy-abort"];

/** What `ws`, with which the client opens WebSockets, looks at. */
const OF_WS = "--allow-env=WS_NO_BUFFER_UTIL,WS_NO_UTF_8_VALIDATE";

/** Runs a module that is written to standard input. */
async function printed(
  command: string,
  args: readonly string[],
  module: string,
): Promise<object> {
  const env = { ...process.env, NO_COLOR: "1" };
  for (const name of ["DEBUG", "NODE_OPTIONS", "FORCE_COLOR"])
    Reflect.deleteProperty(env, name);
  const child = spawn(command, [...args, "-"], { cwd: repository, env });
  child.stdin.end(module);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit") as Promise<[number]>,
  ]);
  return { code, stdout, stderr };
}

const SERVER_AND_CLIENT = (server: string) => `
  import * as server from "./dist/${server}.js";
  import * as client from "./dist/client/index.js";
  import { quiet } from "./test/runtimes/programs/quiet.mjs";
  await quiet(server, client);`;

const SERVER = `
  import * as server from "./dist/deno.js";
  import { quiet } from "./test/runtimes/programs/quiet.mjs";
  await quiet(server);`;

const NOTHING = { code: 0, stdout: "", stderr: "" };

test("Node.js", async () => {
  const args = ["--input-type=module"];
  const module = SERVER_AND_CLIENT("index");
  expect(await printed(process.execPath, args, module)).toEqual(NOTHING);
});

test.each(["bun", "index"])("Bun, with the server of %s", async (server) => {
  const module = SERVER_AND_CLIENT(server);
  expect(await printed(bunProgram(), ["run"], module)).toEqual(NOTHING);
});

describe.each(["deno", "index"])("Deno, with the server of %s", (server) => {
  test.each(["--allow-all", `--allow-net ${OF_WS}`])("%s", async (allowed) => {
    const args = [...DENO, ...allowed.split(" ")];
    const module = SERVER_AND_CLIENT(server);
    expect(await printed(denoProgram(), args, module)).toEqual(NOTHING);
  });
});

test("Deno, with the right to use the network and nothing else", async () => {
  const args = [...DENO, "--allow-net"];
  expect(await printed(denoProgram(), args, SERVER)).toEqual(NOTHING);
});

test("Deno names the permission that an optional package lacks", async () => {
  const module = `
    import { Server } from "./dist/deno.js";
    try {
      new Server(0, { staticFiles: { "/": "./docs" } });
    } catch ({ message }) {
      console.log(message);
    }`;
  const args = [...DENO, "--allow-net", "--allow-read"];
  const told = (await printed(denoProgram(), args, module)) as {
    stdout: string;
  };
  expect(told.stdout).toMatch(
    /^the option staticFiles needs the package @fastify\/send, which could not be loaded: Requires env access/,
  );
});

test("a client file that may not be read is one that is not there, and says which permission is missing", async () => {
  const module = `
    import { Server } from "./dist/deno.js";
    const io = new Server(0);
    const { port } = io.httpServer.addr;
    const { status, text } = await fetch(\`http://127.0.0.1:\${port}/socket.io/socket.io.js\`)
      .then(async (answer) => ({ status: answer.status, text: await answer.text() }));
    console.log(status, text);
    Deno.exit();`;
  const args = [...DENO, "--allow-net"];
  const told = (await printed(denoProgram(), args, module)) as {
    stdout: string;
  };
  expect(told).toMatchObject({ code: 0, stderr: "" });
  expect(told.stdout).toMatch(/^404 .*--allow-read=node_modules\/omnio/);
  const allowed = [...args, `--allow-read=${repository}`];
  expect(await printed(denoProgram(), allowed, module)).toMatchObject({
    code: 0,
    stderr: "",
    stdout: expect.stringMatching(/^200 /) as string,
  });
});
