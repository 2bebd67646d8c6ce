/** The transports of browsers but for polling with `XMLHttpRequest`, under all the names that programs may import. */
export { Fetch } from "./fetch.js";
export {
  WebSocketTransport as WebSocket,
  WebSocketTransport as NodeWebSocket,
} from "./websocket.js";
