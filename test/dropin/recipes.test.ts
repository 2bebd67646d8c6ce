/**
 * Programs as users write them after the documentation of socket.io: they run
 * with both, server and client, and print the same.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { INSTALLATION, Twins } from "./twins.js";

let twins: Twins;

beforeAll(async () => {
  twins = await Twins.of(
    "recipes",
    {
      express: "5.3.0",
      "express-session": "1.19.0",
      koa: "3.3.0",
      "koa-session": "7.0.2",
      passport: "0.7.0",
      "passport-local": "1.0.0",
      "socket.io": "4.8.4",
      "socket.io-client": "4.8.4",
    },
    { client: true },
  );
  await twins.add("recipes");
}, INSTALLATION);

afterAll(() => twins?.remove());

test.each(["chat", "private", "guards", "rooms", "sessions", "tasks"])(
  "%s",
  async (name) => {
    const { reference, omnio } = await twins.transcripts(`${name}.cjs`);
    expect(omnio).toBe(reference);
    expect(reference).toMatch(/^([^\n]*\n){8,}end\n$/);
  },
  60_000,
);
