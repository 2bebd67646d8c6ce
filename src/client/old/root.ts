/**
 * What there is to know about namespaces on servers before 1.0: the root is
 * joined by connecting and left by disconnecting, in 0.6 there is no other. What
 * such servers say of the root, they say of the whole connection.
 */
import type { Dialect } from "../../dialects/dialect.js";
import type { Packet } from "../../dialects/packet.js";
import type { Engine } from "../engine.js";
import { isolate } from "../isolate.js";
import { implicitRoot, type Root } from "../implicit-root.js";
import { WAYS } from "./ways.js";

export function rootOfAny(engine: Engine, dialects: readonly Dialect[]): Root {
  const { dialect } = engine;
  return dialect && WAYS.has(dialect.protocol)
    ? new OldRoot(engine, dialect)
    : implicitRoot(engine, dialects);
}

class OldRoot implements Root {
  private readonly _joined = new Set<string>();

  constructor(
    private readonly engine: Engine,
    private readonly dialect: Dialect,
  ) {
    // Any packet is a sign of life, and so is the end of a poll without one.
    engine.on("heartbeat", () => engine._alive());
    engine.transport.on("pollComplete", () => engine._alive());
    if (!dialect.can.namespaces) this._joined.add("/");
  }

  asks(nsp: string, joined: () => void): boolean {
    if (nsp === "/") {
      if (this._joined.has(nsp)) queueMicrotask(joined);
      return false;
    }
    if (this.dialect.can.namespaces) return true;
    const message = "the server's generation has no namespaces";
    queueMicrotask(() => {
      if (this.engine.readyState !== "closed")
        this.engine._listener?._received({ type: "refuse", nsp, message });
    });
    return false;
  }

  left(nsp: string): void {
    // The server keeps us in the root for as long as we are connected.
    if (nsp !== "/") this._joined.delete(nsp);
  }

  read(packet: Packet): Packet | undefined {
    const { engine, _joined } = this;
    const { type, nsp } = packet;
    if (type === "event" && packet.receipt !== undefined)
      engine._send({ type: "receipt", nsp, id: packet.receipt });
    if (type === "connect") {
      _joined.add(nsp);
      return { ...packet, sid: (nsp === "/" ? "" : nsp + "#") + engine.id };
    }
    if (nsp !== "/") return packet;
    if (type === "leave") {
      for (const other of _joined)
        if (other !== "/")
          isolate(() => engine._listener?._received({ type, nsp: other }));
    }
    // The session is over, but not for good.
    if (type === "refuse" && (_joined.has("/") || packet.data !== undefined)) {
      engine._close("transport error", new Error(packet.message));
      return undefined;
    }
    return packet;
  }
}
