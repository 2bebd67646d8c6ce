/** The site builds, reference and all; a dead link would fail it. */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../../", import.meta.url));

test("the site builds, and every page is in it", { timeout: 300_000 }, () => {
  rmSync(`${root}test-output/site`, { recursive: true, force: true });
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [`${root}scripts/docs.mjs`],
    { encoding: "utf8" },
  );
  expect(status, stdout + stderr).toBe(0);
  const built = readdirSync(`${root}test-output/site`, {
    recursive: true,
    encoding: "utf8",
  });
  const guides = readdirSync(`${root}docs/guide`).map(
    (file) => `guide/${file.replace(/md$/, "html")}`,
  );
  expect(built).toEqual(
    expect.arrayContaining([...guides, "index.html", "api/index.html"]),
  );
  const server = readFileSync(
    `${root}test-output/site/api/index/classes/Server.html`,
    "utf8",
  );
  expect(server.includes("serverSideEmitWithAck()")).toBe(true);
});
