/** Our own server and client behind the common shape. */
import { Server } from "../../../src/index.js";
import parser from "../../../src/msgpack-parser.js";
import { io } from "../../../src/client/index.js";
import { modernClient } from "./official-clients.js";
import {
  joining,
  settings,
  startServer,
  type ServerIo,
} from "./official-servers.js";
import type { ClientPeer, ServerPeer } from "./peer.js";

export const omnioServer = (): ServerPeer => ({
  name: "omnio",
  version: "server",
  generation: 4,
  start: (options) =>
    startServer(
      options,
      (http) =>
        new Server(
          http,
          settings(options, () => parser),
        ) as unknown as ServerIo,
    ),
  ...joining,
});

export const omnioClient = (): ClientPeer =>
  modernClient(
    io,
    {
      name: "omnio",
      version: "client",
      generation: 4,
    },
    () => parser,
  );
