/**
 * The echo handler of SocketTornad.IO (2010), translated: one object for each
 * connection, the same for clients of every generation from 0.6 on and over
 * every transport.
 *
 *   node examples/seeds/echo-handler.mjs 8888
 *
 * A client of 0.6 comes to it with the resource `echoTest/123`, one of 1.x to
 * 4.x with the path `/echoTest/123`.
 */
import { createServer } from "node:http";
import { ConnectionHandler, Server } from "omnio";

class EchoHandler extends ConnectionHandler {
  onOpen(request, { extra }) {
    console.log(
      `client connected with protocol '${this.protocol}' {session id: '${this.session.id}'}`,
    );
    console.log(`extra data for open: '${extra}'`);
  }

  onMessage(message) {
    console.log(`[echo] ${message}`);
    this.send(`[echo] ${message}`);
  }

  onClose() {
    console.log(`closing client for protocol '${this.protocol}'`);
  }
}

const http = createServer();
const io = new Server(http, { generations: "all" });
io.serve(EchoHandler, { path: "/echoTest/:extra" });

http.listen(Number(process.argv[2] ?? 8888), () =>
  console.log(`listening on port ${http.address().port}`),
);
