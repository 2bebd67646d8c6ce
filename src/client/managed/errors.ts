/** The errors of `Client` and `SimpleClient`, by what went wrong. */
import type { Issue } from "../../contract/failure.js";

export class SocketIOError extends Error {
  override name = "SocketIOError";
}

/** The connection could not be made, or a namespace was refused. */
export class ConnectionError extends SocketIOError {
  override name = "ConnectionError";
  constructor(
    message: string,
    /** What the server added when it refused, if it did. */
    readonly data?: unknown,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** There was no answer, or no event, in time. */
export class TimeoutError extends SocketIOError {
  override name = "TimeoutError";
}

/** The namespace is not connected. */
export class BadNamespaceError extends SocketIOError {
  override name = "BadNamespaceError";
}

/** The connection ended for good before what was waited for. */
export class DisconnectedError extends SocketIOError {
  override name = "DisconnectedError";
}

/** The server answered that it did not do what it was asked to. */
export class AnswerError extends SocketIOError {
  override name = "AnswerError";
  constructor(
    message: string,
    /** What the application added. */
    readonly data?: unknown,
    /** If the event did not keep to the contract. */
    readonly issues?: readonly Issue[],
  ) {
    super(message);
  }
}
