/**
 * A server for clients of every generation, all in one room: what anybody says,
 * everybody hears. Started by itself it serves pages for all of them, too.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import { pathToFileURL } from "node:url";
import { Server } from "omnio";
import { servePage } from "./pages.mjs";

/** @param {number} port 0 takes any that is free */
export async function serve(port) {
  const http = createServer(servePage);
  const io = new Server(http, { generations: "all" });

  io.on("connection", (socket) => {
    socket.join("room");
    socket.on("message", (text) => io.to("room").emit("message", text));
  });

  http.listen(port, "localhost");
  await once(http, "listening");
  return { io, url: `http://localhost:${http.address().port}` };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { url } = await serve(Number(process.env.PORT ?? 3000));
  console.log(`Nine generations meet at ${url}`);
}
