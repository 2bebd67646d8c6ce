/** The server for Deno, with the names that programs for `socket.io` import. */
export { Server, type DenoHandler } from "./server.js";
export * from "../../server/exports.js";
