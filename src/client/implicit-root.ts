/**
 * Servers before Socket.IO 3 put every client into the root namespace unasked,
 * and give sockets no ids of their own. This is what has to be known about it,
 * for one connection.
 */
import type { Packet } from "../dialects/packet.js";
import type { Engine } from "./engine.js";

export class ImplicitRoot {
  private _state: "awaited" | "joined" | "left" = "awaited";

  constructor(private readonly _engine: Engine) {}

  /** Whether to ask for a namespace; if it is the root and we are in it already, `joined` is called soon. */
  asks(nsp: string, joined: () => void): boolean {
    if (nsp !== "/" || this._state === "left") return true;
    if (this._state === "joined") queueMicrotask(joined);
    return false;
  }

  /** The namespace was left. */
  left(nsp: string): void {
    if (nsp === "/") this._state = "left";
  }

  /** A packet from the server, with the id that the socket gets. */
  read(packet: Packet): Packet {
    if (packet.type !== "connect") return packet;
    const { nsp } = packet;
    if (nsp === "/") this._state = "joined";
    return { ...packet, sid: (nsp === "/" ? "" : nsp + "#") + this._engine.id };
  }
}

/** Nothing for servers that wait to be asked. */
export function implicitRoot(engine: Engine): ImplicitRoot | undefined {
  return engine.dialect?.link.root === "implicit"
    ? new ImplicitRoot(engine)
    : undefined;
}
