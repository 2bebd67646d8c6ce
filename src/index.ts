/**
 * The server, with the names that programs for `socket.io` import.
 */
export { Server } from "./runtimes/node/server.js";
export type { NodeHandler } from "./runtimes/node/handler.js";
export * from "./server/exports.js";
