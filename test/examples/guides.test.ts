/** The JavaScript of a guide, from top to bottom, is a program that runs. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { repository, run } from "../package/project.js";
import { build } from "./program.js";

let folder: string;

beforeAll(async () => {
  await build();
  // Inside, so that the package finds itself by its name.
  const output = join(repository, "test-output");
  await mkdir(output, { recursive: true });
  folder = await mkdtemp(join(output, "guides-"));
}, 120_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

it.each([
  ["client", ["you said hello", "chat message [ 'Ada', 'welcome' ]"]],
  ["logging", ["omnio:client:engine open over", "omnio:client namespace /"]],
])("docs/guide/%s.md", async (guide, expected) => {
  const text = await readFile(
    join(repository, "docs/guide", `${guide}.md`),
    "utf8",
  );
  const blocks = [...text.matchAll(/^```js\n(.*?)^```$/gms)];
  const file = join(folder, `${guide}.mjs`);
  await writeFile(file, blocks.map(([, code]) => code).join("\n"));
  const printed = await run(folder, process.execPath, [file]);
  for (const line of expected) expect(printed).toContain(line);
});
