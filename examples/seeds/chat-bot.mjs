/**
 * The chat bot of socketIO-client (August 2012), translated: it joins a chat as
 * "bot", complains if somebody else says "bot", and leaves at "bye". The server
 * may be of any generation from 0.7 on.
 *
 *   node examples/seeds/chat-bot.mjs localhost 8000
 */
import { Client, SocketHandler } from "omnio/client";

class ChatBot extends SocketHandler {
  onConnect() {
    console.log("connected");
    this.emit("nickname", "bot");
  }

  onMsgToRoom(user, message) {
    console.log(`${user}: ${message}`);
    if (message.includes("bot") && user !== "bot")
      this.emit("user message", "who are you calling bot?!");
    else if (message.includes("bye")) void socket.disconnect();
  }

  onDisconnect(reason) {
    console.log(`disconnected: ${reason}`);
  }

  onError(reason, advice) {
    console.error(`error: ${reason} ${advice ?? ""}`);
  }

  onUnknownEvent(name, ...values) {
    console.log(`unknown event: ${name} ${JSON.stringify(values)}`);
  }
}

const [host = "localhost", port = "8000"] = process.argv.slice(2);
const socket = new Client();

// A function instead of a handler class; it wins over the class.
socket.on("announcement", (text) => console.log(`announcement: ${text}`));

await socket.connect(`http://${host}:${port}`, new ChatBot());

await socket.wait();
