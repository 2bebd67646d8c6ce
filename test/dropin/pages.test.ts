/**
 * What frameworks for pages put around socket.io-client: with ours in its
 * place, components hear the same.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { INSTALLATION, Twins } from "./twins.js";

let twins: Twins;

beforeAll(async () => {
  twins = await Twins.of(
    "pages",
    {
      "@angular/common": "22.2.6",
      "@angular/compiler": "22.2.6",
      "@angular/core": "22.2.6",
      "ngx-socket-io": "4.11.1",
      rxjs: "7.8.2",
      "socket.io": "4.8.4",
      "socket.io-client": "4.8.4",
      vue: "2.7.16",
      "vue-socket.io-extended": "4.2.0",
    },
    { client: true },
  );
  await twins.add("pages");
}, INSTALLATION);

afterAll(() => twins?.remove());

test.each([
  ["vue-socket.io-extended", "vue.mjs", 7],
  ["ngx-socket-io", "angular.mjs", 12],
])(
  "%s",
  async (_name, program, lines) => {
    const { reference, omnio } = await twins.transcripts(program);
    expect(omnio).toBe(reference);
    expect(reference.trimEnd().split("\n")).toHaveLength(lines);
  },
  60_000,
);
