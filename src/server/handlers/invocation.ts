/**
 * One call of a handler, and what becomes of it: what it returns answers the
 * client, what it throws is reported. Whatever happens, a client that asked
 * gets one answer.
 */
import { answersOf } from "../../contract/args.js";
import type { AckFailure } from "../../contract/failure.js";
import type { Socket } from "../socket.js";
import { isFunction } from "../typed-events.js";
import { AckError } from "./errors.js";
import type { Target } from "./target.js";

/** What the client learns of a handler that failed, which is nothing. */
export const FAILED: AckFailure = { error: { message: "internal error" } };

/**
 * @param args what the client sent, with the acknowledgement function behind it
 *   if it asked
 * @returns if the handler takes its time, a promise of its end. It is never rejected.
 */
export function invoke(
  target: Target,
  socket: Socket,
  event: string,
  args: readonly unknown[],
): Promise<void> | undefined {
  const last = args.at(-1);
  const ack = isFunction(last) ? last : undefined;
  const data = ack === undefined ? args : args.slice(0, -1);
  // Who has a parameter for it may call it at any time.
  const taken = ack !== undefined && target.room(event, socket) > data.length;
  const report = (error: unknown) =>
    socket.nsp.server._report(error, {
      event,
      namespace: socket.nsp.name,
      socketId: socket.id,
    });
  const fail = (error: unknown) => {
    if (!(error instanceof AckError)) report(error);
    try {
      ack?.(error instanceof AckError ? error.answer : FAILED);
    } catch (unsendable) {
      report(unsendable);
      ack?.(FAILED);
    }
  };
  const answer = (result: unknown) => {
    if (ack === undefined || (result === undefined && taken)) return;
    try {
      ack(...answersOf(result));
    } catch (error) {
      fail(error);
    }
  };
  try {
    const result = target.run(event, socket, taken ? args : data);
    if (isPromise(result))
      return inTime(socket, event, result).then(answer, fail);
    answer(result);
  } catch (error) {
    fail(error);
  }
  return undefined;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === "object" &&
    value !== null &&
    "then" in value &&
    typeof value.then === "function"
  );
}

/** The handler's result, or an error if it takes longer than `handlerTimeout`. */
function inTime(
  { nsp }: Socket,
  event: string,
  result: PromiseLike<unknown>,
): Promise<unknown> {
  const { _settings: settings, _runtime: runtime } = nsp.server;
  const { handlerTimeout: ms } = settings;
  if (ms === 0) return Promise.resolve(result);
  return new Promise((resolve, reject) => {
    const cancel = runtime.clock.after(ms, () =>
      reject(
        new Error(
          `the handler of "${event}" in namespace "${nsp.name}" has not come to an end within ${ms} ms`,
        ),
      ),
    );
    result.then(
      (value) => {
        cancel();
        resolve(value);
      },
      (error: unknown) => {
        cancel();
        reject(error instanceof Error ? error : new Error(String(error)));
      },
    );
  });
}
