/**
 * Frameworks that bring socket.io along, and what plugs it into others: each
 * program prints the same with this package in its place.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { INSTALLATION, Twins } from "./twins.js";

const dependencies = {
  "@feathersjs/errors": "5.0.50",
  "@feathersjs/feathers": "5.0.50",
  "@feathersjs/memory": "5.0.50",
  "@feathersjs/socketio": "5.0.50",
  "@feathersjs/socketio-client": "5.0.50",
  "class-transformer": "0.5.1",
  fastify: "4.29.1",
  "fastify-socket.io": "5.1.0",
  koa: "3.3.0",
  "koa-socket-2": "2.0.0",
  moleculer: "0.14.35",
  "moleculer-io": "2.2.0",
  "reflect-metadata": "0.2.2",
  "socket-controllers": "0.3.1",
  "socket.io": "4.8.4",
  "socket.io-client": "4.8.4",
  typedi: "0.10.0",
  "y-socket.io": "1.1.3",
  yjs: "13.6.33",
};

let twins: Twins;

beforeAll(async () => {
  twins = await Twins.of("frameworks", dependencies);
  await twins.add("frameworks");
  await twins.add("controllers");
}, INSTALLATION);

afterAll(() => twins?.remove());

test.each([
  ["Feathers", "feathers.cjs", 17],
  ["moleculer-io", "moleculer.cjs", 13],
  ["koa-socket-2", "koa.cjs", 7],
  ["fastify-socket.io", "fastify.cjs", 9],
  ["y-socket.io", "yjs.cjs", 7],
])(
  "%s",
  async (_name, program, lines) => {
    const { reference, omnio } = await twins.transcripts(program);
    expect(omnio).toBe(reference);
    expect(reference.trimEnd().split("\n")).toHaveLength(lines);
  },
  60_000,
);

describe("Sails", () => {
  let sails: Twins;

  beforeAll(async () => {
    sails = await Twins.of("sails", {
      sails: "1.5.18",
      "sails-hook-sockets": "3.0.2",
      "sails.io.js": "1.2.1",
      // The newest that it works with.
      sioc2: "npm:socket.io-client@2.5.0",
      "socket.io-client": "4.8.4",
    });
    await sails.add("sails");
  }, INSTALLATION);

  afterAll(() => sails?.remove());

  test("requests, rooms and sessions over its sockets", async () => {
    const { reference, omnio } = await sails.transcripts("sails.cjs");
    expect(omnio).toBe(reference);
    expect(reference).toMatch(/^get \/hello(.*\n){14,}end\n$/);
  }, 60_000);
});

test("socket-controllers", async () => {
  expect(await twins.compile("main.ts")).toBe("");
  const { reference, omnio } = await twins.transcripts("main.js");
  expect(omnio).toBe(reference);
  expect(reference).toMatch(/^connected(.*\n){8,}end\n$/);
}, 60_000);
