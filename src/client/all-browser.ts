/**
 * The client for browsers that connects to servers of every generation, from
 * Socket.IO 0.6 on. It is larger than `browser.ts`, so it is an entry of its own.
 */
import { XHR } from "./xhr.js";
import { platform } from "./browser-platform.js";
import type { DefaultEventsMap, EventsMap } from "./emitter.js";
import type { Environment } from "./environment.js";
import { createLookup } from "./lookup.js";
import { BaseManager } from "./manager.js";
import { generations } from "./old/dialects.js";
import { recogniseAny } from "./old/recognition.js";
import { rootOfAny } from "./old/root.js";
import { transportsOver } from "./old/transports.js";
import { Socket } from "./socket.js";
import { WebSocketTransport } from "./websocket.js";
import { WebTransportTransport } from "./webtransport.js";

const environment = {
  ...platform,
  transports: {
    ...transportsOver(XHR, WebSocketTransport),
    webtransport: WebTransportTransport,
  },
  generations,
  recognise: recogniseAny,
  implicitRoot: rootOfAny,
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
