/** `io()`: the socket for an address, over a connection that others of the same server may share. */
import type { BaseManager } from "./manager.js";
import type { ManagerOptions, SocketOptions } from "./options.js";
import type { Socket } from "./socket.js";
import { parseAddress } from "./url.js";

export type Options = Partial<ManagerOptions & SocketOptions>;

export interface Lookup {
  (opts?: Options): Socket;
  (uri?: string, opts?: Options): Socket;
}

/** The function for one kind of manager, with connections of its own to share. */
export function createLookup(
  Manager: new (uri: string, opts: Options) => BaseManager,
): Lookup {
  const shared = new Map<string, BaseManager>();

  return (uri?: string | Options, options?: Options): Socket => {
    const opts = (typeof uri === "object" ? uri : options) ?? {};
    const address = parseAddress(typeof uri === "string" ? uri : undefined);
    const key = address.origin + (opts.path || "/socket.io");
    let manager = shared.get(key);
    const there = manager?.nsps[address.path];
    const alone =
      opts.forceNew ||
      opts["force new connection"] ||
      opts.multiplex === false ||
      there?.active;
    if (!manager || alone || (there && manager._idle)) {
      manager = new Manager(address.source, opts);
      // In the place of one that nobody uses any more, too.
      if (!alone) shared.set(key, manager);
    }
    // Who has left a namespace is not given to the next who asks for it: its listeners are somebody else's.
    else if (there) delete manager.nsps[address.path];
    return manager.socket(address.path, opts);
  };
}
