/**
 * The clients of 0.6 to 0.9 in Node.js, each in its own process. 0.6 had no
 * client for Node.js: its bundle runs in a window that is as much of one as
 * it asks for.
 */
import { DrivenProcess, type Shim } from "./child-process.js";
import { installed } from "./installed.js";
import type { ClientPeer, Generation } from "./peer.js";
import { openRemoteClient } from "./remote-ends.js";

function oldClient(
  alias: string,
  generation: Generation,
  shims: readonly Shim[],
  driver = "client-v09",
): ClientPeer {
  const { folder, version } = installed(alias);
  const driven = new DrivenProcess({ driver, folder, shims });
  return {
    name: "socket.io-client",
    version,
    generation,
    place: "node",
    open: async (port, options) =>
      openRemoteClient(await driven.remote(), port, options),
    shutDown: () => driven.shutDown(),
  };
}

export const client09 = (): ClientPeer => oldClient("sioc09", "0.9", []);
export const client08 = (): ClientPeer =>
  oldClient("sioc08", "0.8", ["create-client", "old-node"]);
export const client07 = (): ClientPeer =>
  oldClient("sioc07", "0.7", ["emitter", "create-client", "old-node"]);
export const client06 = (): ClientPeer =>
  oldClient(
    "sio06",
    "0.6",
    ["emitter", "create-client", "old-node"],
    "client-v06",
  );
