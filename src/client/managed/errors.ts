/** The errors of `Client` and `SimpleClient`, by what went wrong. */

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
