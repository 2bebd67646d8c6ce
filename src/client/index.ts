/**
 * The client for Node.js, Bun and Deno: the same as for browsers, with polling
 * over `http`, WebSocket by `ws`, and a cookie jar.
 *
 * @example
 * import { io } from "omnio/client";
 * const socket = io("http://localhost:3000");
 * socket.on("connect", () => socket.emit("hello", "world"));
 */
import type { Dialect } from "../dialects/dialect.js";
import type { Packet } from "../dialects/packet.js";
import type { DefaultEventsMap, EventsMap } from "./emitter.js";
import type { Environment } from "./environment.js";
import { createLookup } from "./lookup.js";
import { clientLogs, watchManager } from "./logs.js";
import { BaseManager, type Settings } from "./manager.js";
import { BaseClient } from "./managed/client.js";
import type { ClientOptions } from "./managed/options.js";
import { BaseSimpleClient } from "./managed/simple-client.js";
import { withArrayBuffers } from "./node/array-buffers.js";
import { environment } from "./node/environment.js";
import { NodeXHR } from "./node/http.js";
import { NodeWebSocket } from "./node/websocket.js";
import { checkOptions } from "./option-checks.js";
import type { ManagerOptions, SocketOptions } from "./options.js";
import { Socket } from "./socket.js";

export class Manager<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
> extends BaseManager<ListenEvents, EmitEvents> {
  /** @internal */
  _environment(): Environment {
    return environment;
  }

  /** @internal */
  override _received(packet: Packet): void {
    if (this.engine?.binaryType === "arraybuffer" && "args" in packet)
      withArrayBuffers(packet.args);
    super._received(packet);
  }

  override open(fn?: (err?: Error) => void): this {
    const logs = clientLogs(this.opts);
    super.open(fn);
    if (logs) watchManager(this, logs);
    return this;
  }

  /** @throws {TypeError} an option of the socket cannot work */
  override socket(
    nsp: string,
    opts?: Partial<SocketOptions>,
  ): Socket<ListenEvents, EmitEvents> {
    if (opts) checkOptions(opts);
    return super.socket(nsp, opts);
  }

  override _chooseDialects(): Dialect[] {
    checkOptions(this.opts);
    return super._chooseDialects();
  }

  /** @internal */
  override _setting<Key extends keyof Settings>(
    key: Key,
    value: Settings[Key] | undefined,
  ): this | Settings[Key] {
    // `null` is no default here, but 0.
    if (value !== undefined) checkOptions({ [key]: value ?? 0 });
    return super._setting(key, value);
  }
}

/** A client with handlers for its namespaces, which connects when it is told to. */
export class Client<
  Listen extends EventsMap = DefaultEventsMap,
  Emit extends EventsMap = Listen,
> extends BaseClient<Listen, Emit> {
  protected _createManager(
    uri: string,
    options: Partial<ManagerOptions>,
  ): Manager {
    return new Manager(uri, options);
  }
}

/** A client of one namespace that is asked for events. */
export class SimpleClient<
  Listen extends EventsMap = DefaultEventsMap,
  Emit extends EventsMap = Listen,
> extends BaseSimpleClient<Listen, Emit> {
  protected _createClient(options: ClientOptions): Client<Listen, Emit> {
    return new Client(options);
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

export { Socket, NodeXHR, NodeWebSocket, io as connect, io as default };
export { Fetch } from "./fetch.js";
export { WebSocketTransport as WebSocket } from "./websocket.js";
export { WebTransportTransport as WebTransport } from "./webtransport.js";
export { XHR } from "./xhr.js";
export * from "./managed/exports.js";
export * from "./public.js";
