/** What every entry of the client exports. */

/** The newest protocol of Socket.IO that the client speaks. */
export const protocol = 5;

export type { ManagerOptions, SocketOptions } from "./options.js";
export type { ManagerReservedEvents } from "./manager.js";
export type {
  DisconnectDescription,
  ExtendedError,
  SocketReservedEvents,
} from "./socket-types.js";
