/**
 * The client for browsers, and whatever else has `fetch` or `XMLHttpRequest` and
 * `WebSocket`. See `index.ts` for Node.js.
 */
import { eio3 } from "../dialects/eio3.js";
import { eio4 } from "../dialects/eio4.js";
import type { DefaultEventsMap, EventsMap } from "./emitter.js";
import type { Environment } from "./environment.js";
import { recognise } from "./recognition.js";
import { createLookup } from "./lookup.js";
import { BaseManager } from "./manager.js";
import { Socket } from "./socket.js";
import { WebSocketTransport } from "./websocket.js";
import { XHR } from "./xhr.js";

const environment: Environment = {
  transports: { polling: XHR, websocket: WebSocketTransport },
  generations: { "4.x": eio4, "2.x": eio3 },
  recognise,
  dialectOptions: {
    bytes: ({ buffer, byteOffset, byteLength }) =>
      byteLength === buffer.byteLength
        ? buffer
        : buffer.slice(byteOffset, byteOffset + byteLength),
  },
};

export class Manager<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
> extends BaseManager<ListenEvents, EmitEvents> {
  protected _environment(): Environment {
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
export { Fetch } from "./fetch.js";
export { XHR, XHR as NodeXHR } from "./xhr.js";
export {
  WebSocketTransport as WebSocket,
  WebSocketTransport as NodeWebSocket,
} from "./websocket.js";
export * from "./public.js";
