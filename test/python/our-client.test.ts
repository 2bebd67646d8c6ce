/** Our client with the servers of python-socketio: on eventlet, and with asyncio on aiohttp. */
import { connecting } from "./our-client/connecting.js";
import { http } from "./our-client/http.js";
import { lifecycle } from "./our-client/lifecycle.js";
import { messages } from "./our-client/messages.js";
import { serverPeer } from "./our-client/rig.js";
import { runMatrix } from "./suite.js";

runMatrix({
  title: "Our client at servers of python-socketio",
  file: "python-servers.md",
  peers: [
    serverPeer("Server", "Server"),
    serverPeer("AsyncServer", "AsyncServer"),
  ],
  features: [...connecting, ...messages, ...lifecycle, ...http],
});
