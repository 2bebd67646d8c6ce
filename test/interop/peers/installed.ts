/** Loads a peer by the alias it is installed under. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);

/** The peers are loaded as Node loads them, untouched by the test runner. */
export function load<Exports>(alias: string): Exports {
  return require(alias) as Exports;
}

/** Read from the file: not every package exports its package.json. */
export function versionOf(alias: string): string {
  const file = new URL(
    `../../../node_modules/${alias}/package.json`,
    import.meta.url,
  );
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string })
    .version;
}

/** What the package for MessagePack gives to the `parser` option. */
export function officialParser(): unknown {
  return load("socket.io-msgpack-parser");
}
