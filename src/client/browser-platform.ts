/** What browsers, and others with `XMLHttpRequest` or `fetch` and `WebSocket`, have in common. */
import { toArrayBuffer } from "./array-buffer.js";
import type { Environment } from "./environment.js";
import { WebSocketTransport } from "./websocket.js";
import { TextXHR } from "./text-xhr.js";

export const platform: Omit<Environment, "generations"> = {
  transports: { polling: TextXHR, websocket: WebSocketTransport },
  binaryType: "arraybuffer",
  dialectOptions: { bytes: toArrayBuffer },
};
