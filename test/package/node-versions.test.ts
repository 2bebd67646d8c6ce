/** The versions of Node.js that `npm test` runs the core of the suite on, where they cannot be had. */
import { createServer } from "node:http";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listen } from "../client/support.js";
import { repository, run } from "./project.js";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "omnio-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

/** What is printed for a version, with nothing in any cache. */
function tried(registry: string): Promise<string> {
  const module = new URL("scripts/node-versions.mjs", `file://${repository}/`);
  return run(repository, "env", [
    `XDG_CACHE_HOME=${folder}/cache`,
    `npm_config_cache=${folder}/npm`,
    `npm_config_registry=${registry}`,
    process.execPath,
    "--input-type=module",
    "--eval",
    `import { testOnNode } from ${JSON.stringify(module.href)};
     console.log(JSON.stringify(testOnNode("26.10.0")));`,
  ]);
}

test("no registry: the version is skipped, and the line says why", async () => {
  const http = createServer();
  const port = await listen(http);
  await new Promise((resolve) => http.close(resolve));
  const [line, count] = (await tried(`http://127.0.0.1:${port}/`)).split("\n");
  expect(line).toMatch(
    /^Node\.js 26\.10\.0: skipped, as npm could not install \S+@26\.10\.0: .*ECONNREFUSED/,
  );
  expect(JSON.parse(count ?? "")).toEqual({ passed: 0, failed: 0, skipped: 1 });
  expect(await readdir(join(folder, "cache/omnio-tests"))).toEqual([]);
});

test("no such version in the registry", async () => {
  const http = createServer((_request, response) => {
    response.writeHead(404, { "Content-Type": "application/json" });
    response.end("{}");
  });
  const port = await listen(http);
  try {
    const [line] = (await tried(`http://127.0.0.1:${port}/`)).split("\n");
    expect(line).toMatch(/skipped, as npm could not install .*E404/);
  } finally {
    http.close();
  }
});
