/** The server of `fetch` in Node, without WebSocket, behind a server that knows nothing of it. */
import { runtimeSuite } from "./suite.js";

runtimeSuite({
  name: "fetch",
  entry: "fetch",
  command: () => [process.execPath],
  webSockets: false,
});
