/**
 * What sockets of the reference have, undocumented, and packages reach for:
 *
 * - `onevent`, set in a middleware or wrapped there: `socketio-wildcard` (2.0.0
 *   sets it) and many programs with the same few lines of their own. When it
 *   is set, the client's events go through it, in the reference's shape.
 * - `ack(id)`, which makes the function that answers: `socketio-wildcard`.
 * - `leaveAll()`: programs from the days of 1.x and 2.x, where it was the way to
 *   leave every room.
 * - `packet()`: adapters of the days of socket.io 3, which extend
 *   `socket.io-adapter` below 2.3 (`socket.io-redis` 6, and others that were
 *   never renewed), hand each receiver its packet here, encoded or not.
 *
 * Nothing is looked at for each event: who sets `onevent` changes this socket's
 * way for events then.
 */
import type { EventPacket } from "../dialects/packet.js";
import type { RawPacket } from "../dialects/dialect.js";
import { EVENT } from "../dialects/raw.js";
import type { Client, WriteOptions } from "./client.js";
import type { BaseServer } from "./server.js";
import type { Any } from "./typed-events.js";

/** A packet as the reference gives it to `onevent`. */
interface PluginPacket {
  type: number;
  nsp: string;
  data: [string, ...unknown[]];
  id?: number;
}

/** What a socket has to have. */
interface PluggableSocket {
  readonly id: string;
  readonly nsp: {
    readonly name: string;
    readonly server: Pick<BaseServer, "encoder">;
    readonly adapter: { delAll(id: string): Any };
    _attempt(event: string, task: () => unknown, socketId: string): void;
  };
  readonly client: Pick<Client, "writeToEngine">;
  onevent?(packet: PluginPacket): void;
  _onevent: (event: EventPacket) => void;
  _answer(id: number): (...args: unknown[]) => void;
}

export function addPluginMembers(prototype: PluggableSocket): void {
  const { _onevent: dispatch } = prototype;

  function onevent(this: PluggableSocket, packet: PluginPacket): void {
    const { nsp, data: args = [""], id } = packet;
    // In the packet that it was, as whoever wraps this may look at it afterwards.
    dispatch.call(this, { type: "event", nsp, args, id: id ?? undefined });
  }

  function throughPlugin(this: PluggableSocket, event: EventPacket): void {
    const { nsp, args: data, id } = event;
    const packet: PluginPacket = { type: EVENT, nsp, data };
    if (id !== undefined) packet.id = id;
    this.nsp._attempt(data[0], () => this.onevent?.(packet), this.id);
  }

  const members: PropertyDescriptorMap & ThisType<PluggableSocket> = {
    onevent: {
      get: () => onevent,
      set(mine: unknown) {
        define(this, "onevent", mine);
        define(this, "_onevent", throughPlugin);
      },
      configurable: true,
    },
    ack: {
      value(id: number) {
        return this._answer(id);
      },
      writable: true,
      configurable: true,
    },
    packet: {
      value(packet: RawPacket | Any[], options: WriteOptions = {}) {
        const { client, nsp } = this;
        const encoded = Array.isArray(packet)
          ? packet
          : nsp.server.encoder.encode({ ...packet, nsp: nsp.name });
        client.writeToEngine(encoded, options);
      },
      writable: true,
      configurable: true,
    },
    leaveAll: {
      value() {
        this.nsp.adapter.delAll(this.id);
      },
      writable: true,
      configurable: true,
    },
  };
  Object.defineProperties(prototype, members);
}

function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, {
    value,
    writable: true,
    configurable: true,
  });
}
