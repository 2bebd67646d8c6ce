/**
 * The client for browsers in a smaller size: for servers of today alone
 * (Socket.IO 3 and 4), without WebTransport. It is what the ES module bundle has.
 */
import { eio4 } from "../dialects/eio4/index.js";
import { platform } from "./browser-platform.js";
import type { DefaultEventsMap, EventsMap } from "./emitter.js";
import type { Environment } from "./environment.js";
import { createLookup } from "./lookup.js";
import { BaseManager } from "./manager.js";
import { Socket } from "./socket.js";

const environment = { ...platform, generations: { "4.x": eio4 } };

export class Manager<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
> extends BaseManager<ListenEvents, EmitEvents> {
  /** @internal */
  _environment(): Environment {
    return environment;
  }
}

const lookup = createLookup(Manager);

/** Connects to a server. */
export const io = Object.assign(lookup, {
  Manager,
  Socket,
  io: lookup,
  connect: lookup,
});

export { Socket, io as connect, io as default };
export * from "./browser-exports.js";
export { TextXHR as XHR, TextXHR as NodeXHR } from "./text-xhr.js";
export * from "./public.js";
