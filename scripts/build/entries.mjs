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
  "client/index": {
    source: "src/client/index.ts",
    callable: {
      js: "named.io",
      types:
        "declare function callable(...args: Parameters<typeof io>): ReturnType<typeof io>;",
    },
  },
};
