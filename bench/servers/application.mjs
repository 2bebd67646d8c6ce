/**
 * The application that the Socket.IO contenders run: the same lines for each
 * of them, with the `Server` class as the only difference and every option at
 * its default.
 */
import { createServer } from "node:http";
import { serve } from "./serve.mjs";
import { NEWS } from "../load/conversation.mjs";

/** @param {any} Server the contender's `Server` class */
export function serveApplication(Server) {
  const httpServer = createServer();
  const io = new Server(httpServer);
  let handled = 0;

  io.on("connection", (/** @type {any} */ socket) => {
    socket.on("echo", (/** @type {unknown} */ data) => {
      handled++;
      socket.emit("echo", data);
    });
    socket.on(
      "ask",
      (/** @type {unknown} */ data, /** @type {Function} */ reply) => {
        handled++;
        reply(data);
      },
    );
    socket.on("broadcast", (/** @type {number} */ times) => {
      handled++;
      for (let i = 0; i < times; i++) io.emit("news", NEWS);
    });
  });

  serve({
    httpServer,
    connections: () => io.engine.clientsCount,
    handled: () => handled,
  });
}
