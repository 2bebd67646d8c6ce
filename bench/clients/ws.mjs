/**
 * `ws` alone, speaking the frames of Socket.IO: a hint of what the protocol
 * costs on top of a WebSocket library. It has no namespaces, listeners or
 * reconnection, notices no silence, and does not parse the JSON.
 */
import { WebSocket } from "ws";
import { measure } from "./measured.mjs";
import { NEWS } from "../load/conversation.mjs";

const NEWS_PACKET = `42${JSON.stringify(["news", NEWS])}`;

measure((url, _transports, heard) => {
  const socket = new WebSocket(
    `${url.replace("http", "ws")}/socket.io/?EIO=4&transport=websocket`,
    { perMessageDeflate: { threshold: 1024 } },
  );
  return {
    joined: new Promise((resolve, reject) => {
      socket.on("error", reject);
      socket.on("message", (data) => {
        const text = data.toString();
        if (text === NEWS_PACKET) heard(NEWS);
        else if (text === "2") socket.send("3");
        else if (text.startsWith("0{")) socket.send("40");
        else if (text.startsWith("40{")) resolve(null);
        else reject(new Error(`an unexpected message: ${text}`));
      });
    }),
    next: (times) => socket.send(`42${JSON.stringify(["next", times])}`),
    close: () => socket.close(),
  };
});
