/** The pages, and the library of each generation, from a fixed list of files. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const require = createRequire(import.meta.url);

/** Where each library has its bundle for browsers. */
const LIBRARIES = {
  0.6: ["sio06", "support/socket.io-client/socket.io.js"],
  0.7: ["sioc07", "dist/socket.io.js"],
  0.8: ["sioc08", "dist/socket.io.js"],
  0.9: ["sioc09", "dist/socket.io.js"],
  "1.x": ["sioc1", "dist/socket.io.js"],
  "2.x": ["sioc2", "dist/socket.io.js"],
  "3.x": ["sioc3", "dist/socket.io.js"],
  "4.x": ["socket.io-client", "dist/socket.io.js"],
};

const GENERATIONS = [...Object.keys(LIBRARIES), "omnio"].sort();

const HTML = "text/html; charset=utf-8";
const SCRIPT = "text/javascript; charset=utf-8";

/** @type {Map<string, { type: string, read: () => string | Buffer }>} */
const files = new Map([
  ["/", page("index.html", HTML)],
  ["/page.js", page("page.js", SCRIPT)],
  ["/page.css", page("page.css", "text/css; charset=utf-8")],
]);

for (const generation of GENERATIONS)
  files.set(`/${generation}`, page(`${generation}.html`, HTML));

for (const [generation, [name, bundle]] of Object.entries(LIBRARIES))
  files.set(`/library/${generation}.js`, {
    type: SCRIPT,
    read: () =>
      readFileSync(
        join(dirname(require.resolve(`${name}/package.json`)), bundle),
      ),
  });

/** @param {string} name @param {string} type */
function page(name, type) {
  const file = new URL(`pages/${name}`, import.meta.url);
  return { type, read: () => readFileSync(file) };
}

/**
 * @param {import("node:http").IncomingMessage} request
 * @param {import("node:http").ServerResponse} response
 */
export function servePage(request, response) {
  const file = files.get((request.url ?? "/").split("?")[0]);
  if (file === undefined) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, { "content-type": file.type }).end(file.read());
}
