/**
 * What people add to socket.io from npm: plugins that reach into its sockets,
 * adapters, and tools. Each program prints the same with this package in the
 * place of `socket.io`.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  program as redisProgram,
  RedisServer,
} from "../interop/brokers/redis-server.js";
import { INSTALLATION, Twins } from "./twins.js";

const dependencies = {
  "@socket.io/admin-ui": "0.5.1",
  "@socket.io/cluster-adapter": "0.3.0",
  "@socket.io/sticky": "2.0.1",
  "@thream/socketio-jwt": "3.1.4",
  express: "5.3.0",
  "express-session": "1.19.0",
  "express-socket.io-session": "1.3.5",
  jsonwebtoken: "9.0.3",
  "prom-client": "14.2.0",
  "socket.io": "4.8.4",
  "socket.io-adapter": "2.5.8",
  "socket.io-client": "4.8.4",
  "socket.io-prometheus": "0.3.0",
  "socket.io-redis": "6.1.1",
  "socket.io-stream": "0.9.1",
  "socketio-auth": "0.1.1",
  "socketio-file-upload": "0.7.3",
  "socketio-jwt": "4.6.2",
  "socketio-wildcard": "2.0.0",
};

let twins: Twins;

beforeAll(async () => {
  twins = await Twins.of("plugins", dependencies, { client: true });
  await twins.add("plugins");
}, INSTALLATION);

afterAll(() => twins?.remove());

test.each([
  ["socketio-wildcard", "wildcard.cjs", 15],
  ["socket.io-stream", "stream.cjs", 17],
  ["express-socket.io-session", "session.cjs", 10],
  ["@thream/socketio-jwt and socketio-jwt", "tokens.mjs", 12],
  ["socketio-auth", "auth.cjs", 10],
  ["socketio-file-upload", "upload.cjs", 20],
  ["socket.io-prometheus", "metrics.cjs", 20],
  ["@socket.io/admin-ui", "admin.cjs", 14],
  ["@socket.io/sticky and @socket.io/cluster-adapter", "cluster.cjs", 8],
])(
  "%s",
  async (_name, program, lines) => {
    const { reference, omnio } = await twins.transcripts(program);
    expect(omnio).toBe(reference);
    expect(reference.trimEnd().split("\n").length).toBeGreaterThan(lines - 1);
  },
  60_000,
);

describe.skipIf(redisProgram === undefined)(
  redisProgram === undefined
    ? "skipped: there is no redis-server (on Debian: apt-get install redis-server)"
    : "through Redis",
  () => {
    const redis = new RedisServer();
    beforeAll(() => redis.start());
    afterAll(() => redis.stop());

    test("socket.io-redis", async () => {
      const env = { REDIS_PATH: redis.path };
      const { reference, omnio } = await twins.transcripts(
        "old-redis.cjs",
        env,
      );
      expect(omnio).toBe(reference);
      expect(reference).toMatch(/^told(.*\n){6}end\n$/);
    }, 60_000);
  },
);
