/**
 * The client for browsers, with all that it can do. See `minimal.ts` for a
 * smaller one, and `index.ts` for Node.js.
 */
import { eio3 } from "../dialects/eio3/index.js";
import { eio4 } from "../dialects/eio4/index.js";
import { XHR } from "./xhr.js";
import { platform } from "./browser-platform.js";
import type { DefaultEventsMap, EventsMap } from "./emitter.js";
import type { Environment } from "./environment.js";
import { createLookup } from "./lookup.js";
import { BaseManager } from "./manager.js";
import { implicitRoot } from "./implicit-root.js";
import { recognise } from "./recognition.js";
import { Socket } from "./socket.js";
import { WebSocketTransport } from "./websocket.js";
import { WebTransportTransport } from "./webtransport.js";

const environment = {
  ...platform,
  transports: {
    polling: XHR,
    websocket: WebSocketTransport,
    webtransport: WebTransportTransport,
  },
  generations: { "4.x": eio4, "2.x": eio3 },
  recognise,
  implicitRoot,
};

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

export {
  Socket,
  WebTransportTransport as WebTransport,
  io as connect,
  io as default,
};
export { XHR, XHR as NodeXHR } from "./xhr.js";
export * from "./browser-exports.js";
export * from "./public.js";
