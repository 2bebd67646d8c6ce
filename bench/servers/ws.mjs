/**
 * `ws` alone, speaking the frames of Socket.IO: a hint of what the protocol
 * costs on top of a WebSocket library. It has no namespaces, rooms, heartbeat,
 * recovery or error handling, and does not parse the JSON that it sends back.
 */
import { createServer } from "node:http";
import { WebSocketServer } from "ws";
import { serve } from "./serve.mjs";
import { NEWS } from "../load/conversation.mjs";

const HELLO = `0${JSON.stringify({
  sid: "lv_VI97HAXpY6yYWAAAC",
  upgrades: [],
  pingInterval: 25000,
  pingTimeout: 20000,
  maxPayload: 1000000,
})}`;
const WELCOME = `40${JSON.stringify({ sid: "wZX3oN0bSVIhsaknAAAI" })}`;
const NEWS_PACKET = `42${JSON.stringify(["news", NEWS])}`;
const ASK = /^42(\d+)\["ask",/;
const BROADCAST = /^42\["broadcast",(\d+)\]$/;

const httpServer = createServer();
const sockets = new WebSocketServer({
  server: httpServer,
  path: "/socket.io/",
  perMessageDeflate: false,
});
let handled = 0;

sockets.on("connection", (socket) => {
  socket.send(HELLO);
  socket.on("message", (data, isBinary) => {
    if (isBinary) {
      socket.send(data);
      return;
    }
    const text = data.toString();
    if (text.startsWith("40")) {
      socket.send(WELCOME);
      return;
    }
    handled++;
    if (text.startsWith('42["echo"') || text.startsWith("451-")) {
      socket.send(text);
      return;
    }
    const asked = ASK.exec(text);
    if (asked) {
      socket.send(`43${asked[1]}[${text.slice(asked[0].length)}`);
      return;
    }
    const times = Number(BROADCAST.exec(text)?.[1] ?? 0);
    for (let i = 0; i < times; i++) {
      for (const receiver of sockets.clients) receiver.send(NEWS_PACKET);
    }
  });
});

serve({
  httpServer,
  connections: () => sockets.clients.size,
  handled: () => handled,
});
