/** NestJS 10 and 11: the same gateways, and two applications with a Redis between them. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  program as redisProgram,
  RedisServer,
} from "../interop/brokers/redis-server.js";
import { INSTALLATION, Twins } from "./twins.js";

const beside = {
  "@socket.io/redis-adapter": "8.3.0",
  redis: "6.3.1",
  "reflect-metadata": "0.2.2",
  rxjs: "7.8.2",
  "socket.io-adapter": "2.5.8",
  "socket.io-client": "4.8.4",
};

describe.each([
  ["11", { core: "11.2.10", sockets: "11.2.6" }],
  ["10", { core: "10.4.22", sockets: "10.4.22" }],
])("NestJS %s", (name, { core, sockets }) => {
  const redis = new RedisServer();
  let twins: Twins;

  beforeAll(async () => {
    if (redisProgram !== undefined) await redis.start();
    twins = await Twins.of(`nest-${name}`, {
      "@nestjs/common": core,
      "@nestjs/core": core,
      "@nestjs/platform-express": core,
      "@nestjs/platform-socket.io": sockets,
      "@nestjs/websockets": sockets,
      ...beside,
    });
    await twins.add("nest/versions");
  }, INSTALLATION);

  afterAll(async () => {
    await twins?.remove();
    await redis.stop();
  });

  test("gateways of every kind", async () => {
    expect(await twins.compile("main.ts")).toBe("");
    // Without Redis the two applications stay apart.
    const env = { REDIS_PATH: redisProgram === undefined ? "" : redis.path };
    const { reference, omnio } = await twins.transcripts("main.js", env);
    expect(omnio).toBe(reference);
    expect(reference).toMatch(/^after init(.*\n){20,}closed.*\nend\n$/);
  }, 60_000);
});
