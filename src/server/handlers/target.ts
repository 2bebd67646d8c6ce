/**
 * What an event may reach: a function, a function for whatever is left, or an
 * object with methods.
 */
import type { Any } from "../typed-events.js";

/** Handles one event. */
export type Handler = (socket: Any, ...args: Any[]) => unknown;
/** Handles every event that nothing else does. */
export type CatchAllHandler = (
  event: string,
  socket: Any,
  ...args: Any[]
) => unknown;

export interface Target {
  /** How many parameters there are behind the socket: whether one is left for a callback. */
  room(event: string, socket: object): number;
  run(event: string, socket: unknown, args: readonly unknown[]): unknown;
}

export function ofFunction(handler: Handler): Target {
  return {
    room: () => handler.length - 1,
    run: (_event, socket, args) => handler(socket, ...args),
  };
}

export function ofCatchAll(handler: CatchAllHandler): Target {
  return {
    room: () => handler.length - 2,
    run: (event, socket, args) => handler(event, socket, ...args),
  };
}
