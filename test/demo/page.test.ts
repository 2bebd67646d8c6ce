/** The demo's page: what is served, to whom, and under which policy. */
import { readFile } from "node:fs/promises";
import { afterEach, describe, expect, test } from "vitest";
import { CHAT, closeAll, folder, start } from "./program.js";

afterEach(closeAll);

describe("the page", () => {
  test("is served from a fixed list, with a policy that lets nothing else in", async () => {
    const { url } = await start(await folder());
    const page = await fetch(url);
    expect(page.status).toBe(200);
    const policy = page.headers.get("content-security-policy");
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe");
    const html = await page.text();
    const parts = [...html.matchAll(/(?:src|href)="(\/[^"#]+)/g)].map(
      ([, path]) => path,
    );
    expect(parts).toContain("/app.js");
    for (const path of parts)
      expect((await fetch(url + path)).status, path).toBe(200);
    for (const path of [
      "/server.mjs",
      "/%2e%2e/server.mjs",
      "/public/app.js",
    ]) {
      expect((await fetch(url + path)).status, path).toBe(404);
    }
    expect((await fetch(url, { method: "POST" })).status).toBe(405);
  });

  test("finds every module that it imports, the client bundle among them", async () => {
    const { url } = await start(await folder());
    const seen = new Set(["/app.js"]);
    for (const path of seen) {
      const response = await fetch(url + path);
      expect(response.status, path).toBe(200);
      if (path.startsWith("/socket.io/")) continue;
      for (const [, from] of (await response.text()).matchAll(
        /^(?:import|\}) .*from "(.+)";$/gm,
      )) {
        seen.add(new URL(from ?? "", url + path).pathname);
      }
    }
    expect(
      [...seen].filter((path) => path.startsWith("/socket.io/")),
    ).toHaveLength(1);
  });

  test("is the only one that may connect", async () => {
    const { url } = await start(await folder());
    const polling = `${url}/socket.io/?EIO=4&transport=polling`;
    const from = (origin: string) => fetch(polling, { headers: { origin } });
    expect((await from("https://elsewhere.example")).status).toBe(403);
    expect((await from(url)).status).toBe(200);
    expect((await from("null")).status).toBe(403);
  });
});

test("the client bundle that the page asks for is the one of this server", async () => {
  const { url } = await start(await folder());
  const source = await readFile(`${CHAT}public/connection.js`, "utf8");
  const path = /from "(\/socket\.io\/[^"]+)"/.exec(source)?.[1] ?? "";
  const response = await fetch(url + path);
  expect(response.headers.get("content-type")).toContain("javascript");
  expect(await response.text()).toMatch(/export ?\{/);
});
