/** The programs of `examples/frameworks/`, each by real requests and real clients. */
import { afterAll, beforeAll, describe } from "vitest";
import { bunProgram, denoProgram } from "../runtimes/binaries.js";
import { ensureBuilt } from "../runtimes/process.js";
import { checkExample } from "./check.js";
import { Example } from "./program.js";

const file = (name: string) => `examples/frameworks/${name}.mjs`;
const node = (name: string) => [process.execPath, file(name)];

beforeAll(ensureBuilt, 120_000);

describe.each<[name: string, command: () => string[], transports?: string[]]>([
  ["http", () => node("http")],
  ["express", () => node("express")],
  ["koa", () => node("koa")],
  ["fastify", () => node("fastify")],
  ["hapi", () => node("hapi")],
  ["hono", () => node("hono")],
  ["a function", () => node("static")],
  ["fetch", () => node("fetch"), ["polling"]],
  ["bun", () => [bunProgram(), file("bun")]],
  ["deno", () => [denoProgram(), "run", "-A", "--no-check", file("deno")]],
])("%s", (name, command, transports) => {
  let example: Example;

  beforeAll(async () => {
    const [program = "", ...args] = command();
    example = await Example.start(program, args);
  });

  afterAll(() => example.stop());

  checkExample(name, () => example.url, transports);
});
