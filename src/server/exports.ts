/** What all runtimes export beside their `Server`: the names that programs for `socket.io` import, and ours. */
export { Namespace } from "./namespace.js";
export { Socket } from "./socket.js";
export { Adapter } from "./adapter.js";
export { SessionAwareAdapter } from "./session-adapter.js";
export { BroadcastOperator } from "./broadcast-operator.js";
export { RemoteSocket } from "./remote-socket.js";
export type { HostedDialect as Dialect } from "../dialects/dialect.js";
export type { Generation } from "../dialects/generations.js";
export { AckError, ConnectionRefusedError } from "./handlers/errors.js";
export { NamespaceHandler } from "./handlers/namespace-handler.js";
export { ConnectionHandler } from "./handlers/connection-handler.js";
export { on } from "./handlers/on.js";
export { args } from "../contract/args.js";
export { refusals, withContract } from "./contract.js";
export type { EventsOf } from "./handlers/handler-types.js";
export type { InstrumentOptions } from "./instrument.js";
export type { Logger, LoggerOption } from "../logging/logger.js";
export type { ServerOptions } from "./options.js";
export type {
  FetchApp,
  OtherApp,
  StaticFile,
  StaticFiles,
} from "./site-options.js";
export type { DisconnectReason, Event, ExtendedError } from "./socket-types.js";
export type { DefaultEventsMap } from "./typed-events.js";
