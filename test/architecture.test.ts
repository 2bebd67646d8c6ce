/**
 * The rooms of the architecture: every import in src/ against the table, and
 * what the table cannot say in imports.
 */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import packageJson from "../package.json" with { type: "json" };
import { rooms, violations } from "./architecture/rules.js";
import { readSource } from "./architecture/source.js";

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .map((file) => `${folder}/${file.replaceAll("\\", "/")}`)
    .filter((file) => /\.(ts|js|mjs|cjs)$/.test(file));
}

const sources = filesIn("src").map((file) => ({
  file,
  code: readFileSync(file, "utf8"),
}));

test("every folder of src/ is a room", () => {
  const found = new Set(sources.map(({ file }) => file.split("/")[1] ?? ""));
  const known = [...Object.keys(rooms), "index.ts", "msgpack-parser.ts"];
  expect(known).toEqual(expect.arrayContaining([...found]));
});

test("no file breaks a rule of its room", () => {
  expect(sources.flatMap(({ file, code }) => violations(file, code))).toEqual(
    [],
  );
});

test("every dialect is a folder with an entry", () => {
  const files = readdirSync("src/dialects", { withFileTypes: true });
  const dialects = files.filter((file) => file.isDirectory());
  expect(dialects.length).toBeGreaterThan(3);
  for (const { name } of dialects)
    expect(readdirSync(`src/dialects/${name}`)).toContain("index.ts");
});

test("nothing is imported that is not installed with the package", () => {
  const packages = sources.flatMap(({ file, code }) =>
    readSource(file, code)
      .imports.filter(({ from }) => !/^(\.|node:)/.test(from))
      .map(({ from }) => from),
  );
  const dependencies = Object.keys(packageJson.dependencies);
  expect(dependencies).toEqual(expect.arrayContaining(packages));
  expect(dependencies.length).toBeLessThanOrEqual(4);
});

test("no file is over 500 lines", () => {
  const folders = ["src", "test", "scripts", "bench", "examples"];
  const files = folders.flatMap(filesIn);
  const long = files.filter(
    (file) => readFileSync(file, "utf8").split("\n").length > 501,
  );
  expect(files.length).toBeGreaterThan(sources.length);
  expect(long).toEqual([]);
});

test.each([
  ["dialects", `import { createHash } from "node:crypto";`],
  ["dialects", `import type { Line } from "../session/carrier.js";`],
  ["session", `import { Hub } from "../hub/hub.js";`],
  ["session", `const x = Buffer.from("");`],
  ["session", `const x = Date.now();`],
  ["session", `const x = new Date();`],
  ["session", `setTimeout(() => {}, 1);`],
  ["hub", `const x = Math.random();`],
  ["hub", `export * from "../server/server.js";`],
  ["naming", `import { Hub } from "../hub/hub.js";`],
  ["contract", `import { eio4 } from "../dialects/index.js";`],
  ["carriers", `const x = await import("../server/server.js");`],
  ["server", `import { readFile } from "node:fs";`],
  ["server", `import { NodeRuntime } from "../runtimes/node/runtime.js";`],
  ["server", `if (connection.protocol === 3) {}`],
  ["server", `if (4 <= protocol) {}`],
  ["server", `switch (conn.protocol) { case 3: break; }`],
  ["server", `const old = socket.dialect.name === "eio3";`],
  ["server", `const old = all.find(({ name }) => name === "v09");`],
  [
    "server",
    `const old = all.find(({ protocol }) => protocol === x.protocol);`,
  ],
  ["client", `if (opts.protocol === "0.6") {}`],
  ["server", `import { v09 } from "../dialects/v09/index.js";`],
  ["client", `import { door09 } from "../dialects/v09/door.js";`],
  ["dialects/v06", `import { v09 } from "../v09/index.js";`],
  ["dialects", `import { v09 } from "./v09/index.js";`],
  ["client", `import { WebSocket } from "../server/socket.js";`],
  ["client", `import { request } from "node:http";`],
  ["client", `import { isNode } from "../node/is-node.js";`],
  ["cluster", `import { Adapter } from "../hub/adapter.js";`],
  ["runtimes", `import { Hub } from "../hub/hub.js";`],
])("a breach is noticed: %s with %s", (room, code) => {
  expect(violations(`src/${room}/file.ts`, code)).toHaveLength(1);
});

test.each([
  ["dialects", `import { x } from "./packet.js"; // setTimeout, Buffer`],
  ["session", `const text = "Date"; const y = { Date: 1 }; y.Date;`],
  ["dialects", `if (x instanceof Date) x = new Date(0);`],
  ["server", `import { EventEmitter } from "node:events";`],
  ["server", `import type { IncomingMessage } from "node:http";`],
  ["server", `const secure = page.protocol === "https:";`],
  ["client/node", `import { request } from "node:http";`],
  ["client/node", `import { isNode } from "../../node/is-node.js";`],
  ["client", `import { v09 } from "../dialects/v09/index.js";`],
  ["dialects/v09", `import { door09 } from "./door.js";`],
  ["dialects/v09", `import type { Door } from "../dialect.js";`],
  ["cluster", `import type { Adapter } from "../hub/adapter.js";`],
])("nothing else is: %s with %s", (room, code) => {
  expect(violations(`src/${room}/file.ts`, code)).toEqual([]);
});
