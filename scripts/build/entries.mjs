/**
 * What the package offers, and how each of it is made callable for
 * `require`: `require("omnio")(3000)` and `require("omnio/client")(url)`.
 */

/**
 * @typedef {object} Entry
 * @property {string} source
 * @property {{ js: string, types: string }} [callable] the function that
 *   `require` gives, over the module's exports `named`, and its declaration
 *   under the name `callable`
 */

const client = {
  js: "named.io",
  types: `type CallableOptions = Partial<ManagerOptions & SocketOptions>;
declare function callable(opts?: CallableOptions): Socket;
declare function callable(uri?: string, opts?: CallableOptions): Socket;`,
};

/** @type {Record<string, Entry>} by the path in dist/, without the extension */
export const entries = {
  index: {
    source: "src/index.ts",
    callable: {
      js: "(server, options) => new named.Server(server, options)",
      types:
        "declare function callable(...args: ConstructorParameters<typeof Server>): Server;",
    },
  },
  bun: { source: "src/runtimes/bun/index.ts" },
  deno: { source: "src/runtimes/deno/index.ts" },
  fetch: { source: "src/runtimes/fetch/index.ts" },
  "client/index": { source: "src/client/index.ts", callable: client },
  "client/browser": {
    source: "src/client/browser-package.ts",
    callable: client,
  },
  "client/all-browser": {
    source: "src/client/all-browser.ts",
    callable: client,
  },
  "contract/index": { source: "src/contract/index.ts" },
  "msgpack-parser": { source: "src/msgpack-parser.ts" },
};
