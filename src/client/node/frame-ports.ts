/** What our WebSocket frames need of Node on this end: also masks. */
import { randomFillSync } from "node:crypto";
import type { ClientPorts } from "../../carriers/websocket/client-end.js";
import { framePorts } from "../../node/frame-ports.js";

/** Masks for the frames to come: asking for each alone costs more than the frame. */
const masks = new Int32Array(1024);
let used = masks.length;

export const clientPorts: ClientPorts = {
  ...framePorts,
  nextMask() {
    if (used === masks.length) {
      randomFillSync(masks);
      used = 0;
    }
    return masks[used++] ?? 0;
  },
};
