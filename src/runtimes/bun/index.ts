/** The server for Bun, with the names that programs for `socket.io` import. */
export { Server, type BunHandler } from "./server.js";
export * from "../../server/exports.js";
