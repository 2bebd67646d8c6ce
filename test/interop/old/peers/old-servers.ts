/** The servers of 0.6 to 0.9 from the registry, each in its own process. */
import { DrivenProcess, type Shim } from "./child-process.js";
import { installed } from "./installed.js";
import type { Generation, ServerOptions, ServerPeer } from "./peer.js";
import { startRemoteServer, type StartOptions } from "./remote-ends.js";

const TRANSPORTS = [
  "websocket",
  "flashsocket",
  "htmlfile",
  "xhr-polling",
  "jsonp-polling",
];

function oldServer(
  alias: string,
  generation: Generation,
  shims: readonly Shim[],
  settings: (options: ServerOptions) => object,
  driver = "server-v09",
): ServerPeer {
  const { folder, version } = installed(alias);
  const driven = new DrivenProcess({ driver, folder, shims });
  return {
    name: "socket.io",
    version,
    generation,
    async start(options = {}) {
      const startOptions: StartOptions = {
        transports: TRANSPORTS,
        settings: settings(options),
      };
      return startRemoteServer(
        await driven.remote(),
        options.port ?? 0,
        startOptions,
      );
    },
    shutDown: () => driven.shutDown(),
  };
}

/** In seconds; fractions do. */
function settingsOf09(options: ServerOptions): object {
  const { heartbeats, closeTimeout, pollFor } = options;
  return {
    ...(heartbeats && {
      "heartbeat interval": heartbeats.interval / 1_000,
      "heartbeat timeout": heartbeats.timeout / 1_000,
    }),
    ...(closeTimeout !== undefined && {
      "close timeout": closeTimeout / 1_000,
    }),
    ...(pollFor !== undefined && { "polling duration": pollFor / 1_000 }),
  };
}

function settingsOf06(options: ServerOptions): object {
  const { heartbeats, closeTimeout, pollFor } = options;
  const polls = {
    ...(closeTimeout !== undefined && { closeTimeout }),
    ...(pollFor !== undefined && { duration: pollFor }),
  };
  const stream = {
    ...(heartbeats && {
      heartbeatInterval: heartbeats.interval,
      timeout: heartbeats.timeout,
    }),
  };
  return {
    transportOptions: {
      websocket: stream,
      flashsocket: stream,
      htmlfile: stream,
      "xhr-multipart": stream,
      "xhr-polling": polls,
      "jsonp-polling": polls,
    },
  };
}

export const server09 = (): ServerPeer =>
  oldServer("sio09", "0.9", ["old-node"], settingsOf09);
export const server08 = (): ServerPeer =>
  oldServer("sio08", "0.8", ["emitter", "old-node"], settingsOf09);
export const server07 = (): ServerPeer =>
  oldServer("sio07", "0.7", ["emitter", "old-node"], settingsOf09);
export const server06 = (): ServerPeer =>
  oldServer(
    "sio06",
    "0.6",
    ["emitter", "old-node"],
    settingsOf06,
    "server-v06",
  );
