/** The transports of browsers, under all the names that programs may import. */
export { Fetch } from "./fetch.js";
export { XHR, XHR as NodeXHR } from "./xhr.js";
export {
  WebSocketTransport as WebSocket,
  WebSocketTransport as NodeWebSocket,
} from "./websocket.js";
