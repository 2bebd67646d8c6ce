/**
 * The server that clients are measured with, the same for all of them: who asks
 * for news causes a broadcast. It writes all packets of a tick at once, so as
 * many events arrive in one read as were asked for.
 */
import { createServer } from "node:http";
import { Server } from "omnio";
import { serve } from "./serve.mjs";
import { NEWS } from "../load/conversation.mjs";

const httpServer = createServer();
const io = new Server(httpServer);
let sent = 0;

io.on("connection", (/** @type {any} */ socket) => {
  socket.on("next", (/** @type {number} */ times) => {
    for (let i = 0; i < times; i++) io.emit("news", NEWS);
    sent += times * io.engine.clientsCount;
  });
});

serve({
  httpServer,
  // Not sessions: what a client keeps open beside its session counts.
  connections: () =>
    new Promise((resolve, reject) =>
      httpServer.getConnections((error, count) =>
        error ? reject(error) : resolve(count),
      ),
    ),
  handled: () => sent,
});
