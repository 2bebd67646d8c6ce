/** What browsers get of `omnio/client` by import: the client, and `Client` with all that belongs to it. */
export * from "./browser.js";
export { default } from "./browser.js";
export { Client, SimpleClient } from "./managed/browser.js";
export * from "./managed/exports.js";
