/** The TypeScript in the guides compiles against the package, as it is printed there. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const GUIDES = [
  "coming-from-python-socketio",
  "coming-from-socket.io",
  "coming-from-0.9",
  "server",
  "class-based-handlers",
  "validation",
  "client",
  "clients",
  "serving",
  "runtimes",
];

const root = fileURLToPath(new URL("../../", import.meta.url));
const folder = `${root}test-output/snippets`;

const snippets = GUIDES.flatMap((guide) => {
  const text = readFileSync(`${root}docs/guide/${guide}.md`, "utf8");
  return [...text.matchAll(/^```ts\n(.*?)^```$/gms)].map(([, code], index) => ({
    name: `${guide}-${index}.ts`,
    code: code ?? "",
  }));
});

test("every guide has snippets, and all compile", { timeout: 120_000 }, () => {
  for (const guide of GUIDES)
    expect(snippets.some(({ name }) => name.startsWith(guide))).toBe(true);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const { name, code } of snippets)
    writeFileSync(`${folder}/${name}`, `${code}\nexport {};\n`);
  writeFileSync(
    `${folder}/tsconfig.json`,
    JSON.stringify({
      extends: "../../tsconfig.json",
      compilerOptions: {
        noUnusedLocals: false,
        noUnusedParameters: false,
        paths: {
          omnio: ["../../src/index.ts"],
          "omnio/bun": ["../../src/runtimes/bun/index.ts"],
          "omnio/deno": ["../../src/runtimes/deno/index.ts"],
          "omnio/fetch": ["../../src/runtimes/fetch/index.ts"],
          "omnio/client": ["../../src/client/index.ts"],
          "omnio/contract": ["../../src/contract/index.ts"],
          "omnio/msgpack-parser": ["../../src/msgpack-parser.ts"],
        },
      },
      include: ["*.ts"],
    }),
  );
  const { stdout } = spawnSync(
    process.execPath,
    [`${root}node_modules/typescript/bin/tsc`, "-p", folder],
    { encoding: "utf8" },
  );
  expect(stdout).toBe("");
});
