/**
 * What each of these examples does with its sockets: they are greeted, by a
 * server that knows nothing of the framework around it.
 */

import process from "node:process";

/** @param {Pick<import("omnio").Server, "on">} io */
export function greetings(io) {
  io.on("connection", (socket) => {
    socket.on("greet", (name, answer) => answer(`hello ${name}`));
  });
}

/** The port to listen on: 3000, or what PORT says. */
export const port = Number(process.env.PORT ?? 3000);
