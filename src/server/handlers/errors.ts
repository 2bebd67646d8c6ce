/**
 * Errors that handlers throw because they are meant for the client.
 */
import type { AckFailure } from "../../contract/failure.js";

/**
 * Thrown by a handler, or what its promise is rejected with: the client's
 * acknowledgement gets `{ error: { message, data } }`. Not reported to
 * `onHandlerError`, as it is an answer like others.
 */
export class AckError extends Error {
  override readonly name = "AckError";

  constructor(
    message: string,
    /** Anything that can be sent. */
    readonly data?: unknown,
  ) {
    super(message);
  }

  get answer(): AckFailure {
    const { message, data } = this;
    return { error: data === undefined ? { message } : { message, data } };
  }
}

/**
 * Thrown by a `connect` handler: the client is not let in and gets
 * `connect_error` with the message, and the further arguments as `data`: one as
 * it is, several as a list.
 */
export class ConnectionRefusedError extends Error {
  override readonly name = "ConnectionRefusedError";
  readonly data?: unknown;

  constructor(message = "Connection rejected by server", ...more: unknown[]) {
    super(message);
    if (more.length > 0) this.data = more.length === 1 ? more[0] : more;
  }
}
