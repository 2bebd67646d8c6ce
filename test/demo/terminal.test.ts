/** The demo as a program in a terminal, and the programs that join it. */
import { execFile, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import type { Message } from "../../examples/chat/types.js";
import { CHAT, closeAll, folder, guest, happened, start } from "./program.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const run = promisify(execFile);

afterEach(closeAll);

describe("the program", () => {
  test("says that its port is taken, and takes the next", async () => {
    const first = await start(await folder());
    const second = await start(await folder(), first.port);
    expect(second.port).toBeGreaterThan(first.port);
    expect(second.output()).toContain(
      `Port ${first.port} is taken by another program; trying`,
    );
  });

  test("names a wrong PORT in one sentence", async () => {
    const env = { ...process.env, PORT: "many" };
    const failed = await run(process.execPath, [`${CHAT}server.mjs`], {
      env,
    }).catch((error: unknown) => error);
    expect(failed).toMatchObject({
      code: 1,
      stderr: 'PORT is a number from 0 to 65535, not "many".\n',
    });
  });

  test("is joined by join.mjs", async () => {
    const { url } = await start(await folder());
    const grace = await guest(url, "Grace");
    const heard = happened<Message>(grace, "message");
    const args = [
      `${CHAT}join.mjs`,
      "--url",
      url,
      "--name",
      "Ada",
      "--room",
      "lobby",
      "hello",
    ];
    const { stdout } = await run(process.execPath, args);
    expect(stdout).toBe("Said in lobby as Ada: hello\n");
    expect(await heard).toMatchObject({ name: "Ada", text: "hello" });

    const refused = await run(
      process.execPath,
      args.map((arg) => (arg === "Ada" ? "Grace" : arg)),
    ).catch((error: unknown) => error);
    expect(refused).toMatchObject({
      code: 1,
      stderr: "Grace is already in this room.\n",
    });
  });

  test("is joined by the programs that the page shows", async () => {
    const { url } = await start(await folder());
    const grace = await guest(url, "Grace");
    const path = `${CHAT}public/snippets.js`;
    const { snippets } = (await import(path)) as {
      snippets: (url: string, room: string) => { id: string; code: string }[];
    };
    const speakers = {
      node: "Node program",
      "2x": "2.x program",
      "09": "0.9 program",
      shell: "Terminal",
    };
    const shown = snippets(url, "lobby");
    expect(shown.map(({ id }) => id)).toEqual(Object.keys(speakers));
    for (const { id, code } of shown) {
      const heard = happened<Message>(grace, "message");
      const program = spawn(process.execPath, commandFor(id, code), {
        cwd: ROOT,
        stdio: ["ignore", "ignore", "inherit"],
      });
      try {
        const { name } = await heard;
        expect(name).toBe(speakers[id as keyof typeof speakers]);
      } finally {
        program.kill();
      }
    }
  });
});

/** How each of them is run; the old clients are installed under other names here. */
function commandFor(id: string, code: string): string[] {
  if (id === "shell") {
    const [node, ...args] = code.trim().replaceAll('"', "").split(" ");
    expect(node).toBe("node");
    return args;
  }
  const type = id === "node" ? "module" : "commonjs";
  const alias = id === "09" ? "sioc09" : "sioc2";
  const source = code.replace('"socket.io-client"', `"${alias}"`);
  // Of what is evaluated, `io` would be a global, which 0.9 stumbles over; of a file it is not.
  const scoped = id === "node" ? source : `{ ${source} }`;
  return [`--input-type=${type}`, "--eval", scoped];
}
