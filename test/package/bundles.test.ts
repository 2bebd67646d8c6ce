/**
 * The client bundles as single files: their weight, and the ways to load them.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { runInNewContext } from "node:vm";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";

const folder = new URL("../../dist/bundles/", import.meta.url);
const read = (file: string) => readFileSync(new URL(file, folder), "utf8");

const names = ["Manager", "Socket", "connect", "io", "protocol"];
/** What the client wants of a browser as soon as it is loaded. */
const platform = { setTimeout, clearTimeout, URL, TextDecoder, TextEncoder };
const classic = [
  "omnio.js",
  "omnio.min.js",
  "omnio.all.min.js",
  "omnio.msgpack.min.js",
];

test("the minified ES module is at most 11,500 bytes, gzipped", () => {
  const code = read("omnio.esm.min.js");
  expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(11_500);
  expect(code.length).toBeGreaterThan(10_000);
});

test.each([...classic, "omnio.esm.min.js", "omnio.all.esm.min.js"])(
  "%s has its source map",
  (file) => {
    expect(read(file)).toMatch(`//# sourceMappingURL=${file}.map`);
    const map = JSON.parse(read(`${file}.map`)) as { sources: string[] };
    expect(map.sources.join()).toMatch("src/client/manager.ts");
  },
);

test.each([...classic, "omnio.esm.min.js", "omnio.all.esm.min.js"])(
  "%s is io() alone, without Client and logs",
  (file) => {
    expect(read(file)).not.toMatch(/BadNamespaceError|omnio:client/);
  },
);

describe.each(classic)("%s", (file) => {
  const shape = (io: unknown) =>
    [
      typeof io,
      ...names.map((name) => typeof Reflect.get(Object(io), name)),
    ].join();
  const expected = "function,function,function,function,function,number";

  test("as a script: the global io", () => {
    const page = { ...platform, io: undefined };
    runInNewContext(read(file), page);
    expect(shape(page.io)).toBe(expected);
    expect(Object.keys(page)).toEqual([...Object.keys(platform), "io"]);
  });

  test("as an AMD module", () => {
    let made: unknown;
    const define = Object.assign(
      (factory: () => unknown) => (made = factory()),
      {
        amd: {},
      },
    );
    runInNewContext(read(file), { ...platform, define });
    expect(shape(made)).toBe(expected);
  });

  test("as a CommonJS module", () => {
    const require = createRequire(import.meta.url);
    expect(shape(require(fileURLToPath(new URL(file, folder))))).toBe(expected);
  });
});

test("omnio.esm.min.js as an ES module", async () => {
  const code = Buffer.from(read("omnio.esm.min.js")).toString("base64");
  const module = (await import(
    /* @vite-ignore */ `data:text/javascript;base64,${code}`
  )) as Record<string, unknown>;
  expect(Object.keys(module)).toEqual(
    expect.arrayContaining([...names, "default"]),
  );
  expect(module.io).toBe(module.default);
});
