/**
 * The emitter's `emit`, which calls listeners, for classes whose own goes to
 * the network. Bun gives each emitter that captures rejections an `emit` as a
 * property, which would hide that of the class.
 */
import { EventEmitter } from "node:events";

type Emit = (
  this: EventEmitter,
  event: string | symbol,
  ...args: unknown[]
) => boolean;

const probe = new EventEmitter({ captureRejections: true });
const hides = Object.hasOwn(probe, "emit");

export const localEmit = Reflect.get(
  hides ? probe : EventEmitter.prototype,
  "emit",
) as Emit;

/** For constructors: lets the class have its own `emit`. */
export const uncoverEmit: (emitter: EventEmitter) => void = hides
  ? (emitter) => Reflect.deleteProperty(emitter, "emit")
  : () => {};
