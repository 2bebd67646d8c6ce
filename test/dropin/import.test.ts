/**
 * A program written for socket.io 4.8 prints the same when the names of its
 * imports are changed, and nothing else.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Project } from "../package/project.js";
import { RunningProgram, source, withOmnio } from "./program.js";

let project: Project;

beforeAll(async () => {
  project = await Project.create({});
  const tarball = await project.pack();
  await project.write(
    "package.json",
    JSON.stringify({
      private: true,
      dependencies: { omnio: `file:${tarball}`, express: "5.3.0" },
    }),
  );
  await project.install();
  for (const name of ["@types/node", "socket.io", "socket.io-client"])
    await project.link(name);
}, 300_000);

afterAll(() => project.remove());

test("a walk through the API", async () => {
  const program = await source("tour.mjs");
  await project.write("reference.mjs", program);
  await project.write("omnio.mjs", withOmnio(program));
  const expected = await project.node("reference.mjs");
  expect(expected).toMatch(/^refused(.*\n){10,}listening false\n$/);
  expect(await project.node("omnio.mjs")).toBe(expected);
}, 60_000);

test("the generics of Server and Socket", async () => {
  const program = await source("typed.ts");
  await project.write("reference.mts", program);
  await project.write("omnio.mts", withOmnio(program));
  await project.write("omnio.cts", withOmnio(program));
  const files = ["reference.mts", "omnio.mts", "omnio.cts"];
  const printed = await project.tsc(
    ...["--module", "node16", "--target", "es2022", "--types", "node"],
    ...["--lib", "es2022,dom", "--strict", "--skipLibCheck", ...files],
  );
  expect(printed).toBe("");
  const expected = await project.node("reference.mjs");
  expect(expected).toMatch(/^HELLO|hello(.*\n){5,}/);
  expect(await project.node("omnio.mjs")).toBe(expected);
  expect(await project.node("omnio.cjs")).toBe(expected);
}, 60_000);

test("the types that programs reach for", async () => {
  const program = await source("types.ts");
  await project.write("types-reference.mts", program);
  await project.write("types-omnio.mts", withOmnio(program));
  await project.write("types-omnio.cts", withOmnio(program));
  const files = ["types-reference.mts", "types-omnio.mts", "types-omnio.cts"];
  const printed = await project.tsc(
    ...["--module", "node16", "--target", "es2022", "--types", "node"],
    ...["--lib", "es2022,dom", "--strict", "--noEmit", ...files],
  );
  expect(printed).toBe("");
}, 60_000);

test("the chat of the documentation's first steps", async () => {
  const server = withOmnio(await source("getting-started/index.cjs"));
  await project.write("index.cjs", server);
  await project.write("index.html", await source("getting-started/index.html"));
  const program = await RunningProgram.start(project, "index.cjs");
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    const open = async (): Promise<Page> => {
      const page = await browser.newPage();
      await page.goto(program.url);
      return page;
    };
    const [one, two] = [await open(), await open()];
    await program.until(/a user connected\n(.*\n)*a user connected/);
    await one.fill("#input", "hello from ünïcode");
    await one.click("button");
    for (const page of [one, two])
      await page.getByText("hello from ünïcode").waitFor();
    await two.close();
    await program.until(/user disconnected/);
    expect(program.printed).toContain("message: hello from ünïcode");
    const script = await fetch(`${program.url}/socket.io/socket.io.js`);
    expect(await script.text()).toBe(
      await readFile(
        join(project.folder, "node_modules/omnio/dist/bundles/omnio.js"),
        "utf8",
      ),
    );
  } finally {
    await browser.close();
    await program.stop();
  }
}, 60_000);
