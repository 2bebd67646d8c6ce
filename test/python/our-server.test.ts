/** Our server with the clients of python-socketio. */
import { connecting } from "./our-server/connecting.js";
import { http } from "./our-server/http.js";
import { lifecycle } from "./our-server/lifecycle.js";
import { messages } from "./our-server/messages.js";
import { clientPeer } from "./our-server/rig.js";
import { runMatrix } from "./suite.js";

runMatrix({
  title: "Clients of python-socketio at our server",
  file: "python-clients.md",
  peers: [
    clientPeer("Client", "Client"),
    clientPeer("AsyncClient", "AsyncClient"),
  ],
  features: [...connecting, ...messages, ...lifecycle, ...http],
});
