/**
 * NestJS' own package of sockets imports socket.io by itself. Through npm's
 * `overrides` it gets this package instead.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { io, type Socket } from "socket.io-client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkExample } from "../frameworks/check.js";
import { Example } from "../frameworks/program.js";
import { Project } from "../package/project.js";
import { RunningProgram, source } from "./program.js";

let project: Project;
let program: RunningProgram;
let socket: Socket;
let greeting: Promise<unknown>;

const heard = (event: string, on = socket) =>
  new Promise((resolve) => on.once(event, resolve));

beforeAll(async () => {
  project = await Project.create({});
  const tarball = await project.pack();
  await project.write(
    "package.json",
    JSON.stringify({
      private: true,
      dependencies: {
        "@nestjs/common": "11.2.10",
        "@nestjs/core": "11.2.10",
        "@nestjs/platform-express": "11.2.10",
        "@nestjs/platform-socket.io": "11.2.6",
        "@nestjs/websockets": "11.2.6",
        "reflect-metadata": "0.2.2",
        rxjs: "7.8.2",
      },
      // Published, this reads "npm:omnio".
      overrides: { "socket.io": `file:${tarball}` },
    }),
  );
  await project.install();
  await project.link("@types/node");
  await project.write("main.ts", await source("nest/main.ts"));
  await project.write(
    "example.ts",
    await readFile(
      new URL("../../examples/frameworks/nest/main.ts", import.meta.url),
      "utf8",
    ),
  );
  await project.tsc(
    ...["--module", "node16", "--target", "es2022", "--types", "node"],
    ...["--experimentalDecorators", "--emitDecoratorMetadata"],
    ...["--lib", "es2022,dom", "--strict", "--skipLibCheck"],
    ...["main.ts", "example.ts"],
  );
  program = await RunningProgram.start(project, "main.js");
  socket = io(`${program.url}/events`, { auth: { token: "abc" } });
  greeting = heard("welcome");
}, 300_000);

afterAll(async () => {
  socket.disconnect();
  await program.stop();
  await project.remove();
});

test("the override is in effect", async () => {
  await project.write(
    "resolved.cjs",
    `const { createRequire } = require("node:module");
    const nest = createRequire(require.resolve("@nestjs/platform-socket.io"));
    console.log(nest("socket.io/package.json").name);`,
  );
  expect(await project.node("resolved.cjs")).toBe("omnio\n");
  expect(existsSync(join(project.folder, "node_modules/engine.io"))).toBe(
    false,
  );
});

test("the gateway greets", async () => {
  expect(await greeting).toEqual({ token: "abc" });
});

test("a returned value is the acknowledgement", async () => {
  expect(await socket.emitWithAck("identity", 7)).toBe(7);
});

test("an observable becomes events", async () => {
  const numbers: unknown[] = [];
  const all = new Promise<void>((resolve) =>
    socket.on("number", (n: unknown) => {
      if (numbers.push(n) === 3) resolve();
    }),
  );
  socket.emit("count", 3);
  await all;
  expect(numbers).toEqual([1, 2, 3]);
});

test("rooms", async () => {
  const shouted = heard("shouted");
  socket.emit("shout", "hey");
  expect(await shouted).toBe("HEY");
});

test("an exception reaches the client, and nobody else", async () => {
  const exception = heard("exception");
  socket.emit("fail");
  expect(await exception).toMatchObject({
    status: "error",
    message: "as asked",
  });
  expect(await socket.emitWithAck("identity", "still there")).toBe(
    "still there",
  );
});

test("others are told who left", async () => {
  const other = io(`${program.url}/events`, { forceNew: true });
  await heard("connect", other);
  const { id } = other;
  const left = heard("left");
  other.disconnect();
  expect(await left).toBe(id);
});

describe("the example of examples/frameworks/", () => {
  let example: Example;

  beforeAll(async () => {
    example = await Example.start(
      process.execPath,
      ["example.js"],
      project.folder,
    );
  });

  afterAll(() => example.stop());

  checkExample("nest", () => example.url);
});
