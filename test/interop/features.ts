/** The columns of the matrix, in the order of the table. */
import { namespaces, refusal, rooms } from "./features/audience.js";
import type { Feature } from "./features/feature.js";
import { disconnect, reconnect, volatile } from "./features/lifecycle.js";
import { acks, connect, events } from "./features/messages.js";
import { broadcastAcks, msgpack, recovery } from "./features/today.js";
import { binary, binaryAcks, large, unicode } from "./features/payloads.js";

export const FEATURES: readonly Feature[] = [
  connect,
  events,
  acks,
  binary,
  binaryAcks,
  namespaces,
  refusal,
  rooms,
  reconnect,
  unicode,
  large,
  volatile,
  disconnect,
  broadcastAcks,
  recovery,
  msgpack,
];
