/** What comes with `Client` and `SimpleClient`, alike in Node.js and in browsers. */
export { args, type Args } from "../../contract/args.js";
export { withContract, type ContractOptions } from "../contract.js";
export {
  AnswerError,
  BadNamespaceError,
  ConnectionError,
  DisconnectedError,
  SocketIOError,
  TimeoutError,
} from "./errors.js";
export {
  ClientNamespace,
  SocketHandler,
  type CallOptions,
  type EmitOptions,
  type MethodsFor,
} from "./namespace.js";
export type {
  ClientOptions,
  ConnectOptions,
  Dynamic,
  FailedHandler,
  SimpleConnectOptions,
} from "./options.js";
export type { Received } from "./inbox.js";
export type { Logger, LoggerOption } from "../../logging/logger.js";
