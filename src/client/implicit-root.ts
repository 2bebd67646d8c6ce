/**
 * Servers before Socket.IO 3 put every client into the root namespace unasked,
 * and give sockets no ids of their own. This is what has to be known about it,
 * for one connection.
 */
import type { Dialect } from "../dialects/dialect.js";
import type { Packet } from "../dialects/packet.js";
import type { Engine } from "./engine.js";

export interface Root {
  /** Whether to ask for a namespace; if it is the root and we are in it already, `joined` is called soon. */
  asks(nsp: string, joined: () => void): boolean;
  /** The namespace was left. */
  left(nsp: string): void;
  /** A packet from the server as sockets get it, if they do. */
  read(packet: Packet): Packet | undefined;
}

/** What concerns the root namespace of this connection, for servers that may be older. */
export function implicitRoot(
  engine: Engine,
  dialects: readonly Dialect[],
): Root {
  return engine.dialect?.link.root === "implicit"
    ? joinedUnasked(engine)
    : new JoinedOnDemand(engine, dialects);
}

function joinedUnasked(engine: Engine): Root {
  let state: "awaited" | "joined" | "left" = "awaited";
  return {
    asks(nsp, joined) {
      if (nsp !== "/" || state === "left") return true;
      if (state === "joined") queueMicrotask(joined);
      return false;
    },
    left(nsp) {
      if (nsp === "/") state = "left";
    },
    read(packet) {
      if (packet.type !== "connect") return packet;
      const { nsp } = packet;
      if (nsp === "/") state = "joined";
      return { ...packet, sid: (nsp === "/" ? "" : nsp + "#") + engine.id };
    },
  };
}

/**
 * A server that waits to be asked gives ids. One that gives none was taken for
 * it by mistake: its middleware took longer than we listened. So we come back
 * and speak to it as what it is.
 */
class JoinedOnDemand implements Root {
  constructor(
    private readonly engine: Engine,
    private readonly dialects: readonly Dialect[],
  ) {}

  asks(): boolean {
    return true;
  }

  left(): void {}

  read(packet: Packet): Packet | undefined {
    if (packet.type !== "connect" || packet.sid !== undefined) return packet;
    const { engine, dialects } = this;
    const older = dialects.find(({ link }) => link.root === "implicit");
    if (!older) return packet;
    engine.dialect = older;
    engine._close("transport close", {
      description: "the server is of an older generation",
    });
    return undefined;
  }
}
