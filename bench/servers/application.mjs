/**
 * The application that the Socket.IO contenders run: the same lines for each
 * of them, with the `Server` class as the only difference and every option at
 * its default.
 */
import { createServer } from "node:http";
import { serve } from "./serve.mjs";
import { BULK, NEWS } from "../load/conversation.mjs";

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
    socket.on("room", () => {
      handled++;
      io.to("room-0").emit("news", NEWS);
    });
    socket.on("bulk", () => {
      handled++;
      io.emit("bulk", BULK);
    });
    socket.on("broadcast", (/** @type {number} */ times) => {
      handled++;
      for (let i = 0; i < times; i++) io.emit("news", NEWS);
    });
  });

  serve({
    httpServer,
    connections: () => io.engine.clientsCount,
    handled: () => handled,
    /** @param {number} count everybody is in as many */
    rooms(count) {
      const names = Array.from({ length: count }, (_, i) => `room-${i}`);
      io.socketsJoin(names);
    },
    /**
     * In place of the application's own.
     * @param {{ count: number, declared: boolean }} how
     */
    handlers({ count, declared }) {
      io.removeAllListeners("connection");
      const names = Array.from({ length: count }, (_, i) => `event-${i}`);
      if (declared && io.handle) {
        for (const name of names)
          io.handle(
            name,
            (/** @type {any} */ socket, /** @type {any} */ data) => {
              handled++;
              socket.emit(name, data);
            },
          );
        return;
      }
      io.on("connection", (/** @type {any} */ socket) => {
        for (const name of names)
          socket.on(name, (/** @type {any} */ data) => {
            handled++;
            socket.emit(name, data);
          });
      });
    },
    /** @param {number} count */
    namespaces(count) {
      for (let i = 0; i < count; i++) io.of(`/bench-${i}`);
    },
  });
}
