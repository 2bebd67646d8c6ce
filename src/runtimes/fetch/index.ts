/** The server for any server of `fetch`, with the names that programs for `socket.io` import. */
export { Server, type FetchHandler, type FetchHost } from "./server.js";
export * from "../../server/exports.js";
