/**
 * The server, with the names that programs for `socket.io` import.
 */
export { Server } from "./runtimes/node/server.js";
export { Namespace } from "./server/namespace.js";
export { Socket } from "./server/socket.js";
export { Adapter } from "./server/adapter.js";
export { SessionAwareAdapter } from "./server/session-adapter.js";
export { BroadcastOperator } from "./server/broadcast-operator.js";
export { RemoteSocket } from "./server/remote-socket.js";
export type { Logger, LoggerOption } from "./logging/logger.js";
export type { ServerOptions } from "./server/options.js";
export type {
  DisconnectReason,
  Event,
  ExtendedError,
} from "./server/socket-types.js";
export type { DefaultEventsMap } from "./server/typed-events.js";
