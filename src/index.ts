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
export type { HostedDialect as Dialect } from "./dialects/dialect.js";
export type { Generation } from "./dialects/generations.js";
export { AckError, ConnectionRefusedError } from "./server/handlers/errors.js";
export { NamespaceHandler } from "./server/handlers/namespace-handler.js";
export { ConnectionHandler } from "./server/handlers/connection-handler.js";
export { on } from "./server/handlers/on.js";
export { args } from "./contract/args.js";
export { refusals, withContract } from "./server/contract.js";
export type { EventsOf } from "./server/handlers/handler-types.js";
export type { Logger, LoggerOption } from "./logging/logger.js";
export type { ServerOptions } from "./server/options.js";
export type {
  DisconnectReason,
  Event,
  ExtendedError,
} from "./server/socket-types.js";
export type { DefaultEventsMap } from "./server/typed-events.js";
