/** Clients that are closed after the test, and what is common to tests of them. */
import {
  Client,
  SimpleClient,
  type ClientOptions,
} from "../../../src/client/index.js";
import { afterTest } from "../support.js";

export const QUICK = { reconnectionDelay: 5, reconnectionDelayMax: 20 };

/** A client whose handlers' failures are collected rather than printed. */
export function client(options: ClientOptions = {}) {
  const made = new Client({ ...QUICK, ...options });
  afterTest(() => made.shutdown());
  return made;
}

export function simpleClient(options: ClientOptions = {}) {
  const made = new SimpleClient({ ...QUICK, ...options });
  afterTest(() => made.disconnect());
  return made;
}

/** The arguments of the next such event of the connection. */
export function happens(
  to: Client,
  event: "connect" | "connect_error" | "disconnect" | "disconnect_final",
  namespace = "/",
): Promise<unknown[]> {
  return new Promise((resolve) => {
    to.on(event, (...args: unknown[]) => resolve(args), { namespace });
  });
}

/** The reason why it was rejected. */
export async function failure(task: Promise<unknown>): Promise<Error> {
  try {
    await task;
  } catch (error) {
    if (error instanceof Error) return error;
    throw error;
  }
  throw new Error("it was expected to fail");
}
