/**
 * Channels and RPC of socketIO-client (August 2012), translated: one connection,
 * a handler for each channel, and callbacks that the server calls. The server
 * may be of any generation from 0.7 on.
 *
 *   node examples/seeds/channels.mjs localhost 8000 /keystore
 */
import { args, Client, SocketHandler } from "omnio/client";

class MainHandler extends SocketHandler {
  onOpen() {
    console.log("open");
  }
  onClose(reason) {
    console.log(`close: ${reason}`);
  }
}

class ChatHandler extends SocketHandler {
  onConnect(socket) {
    console.log(`${socket.namespace} is connected`);
  }
  onUserMessage(user, message) {
    console.log(`${user}: ${message}`);
  }
}

class KeyHandler extends SocketHandler {
  onStored(key) {
    console.log(`stored: ${key}`);
  }
  onUnknownEvent(name, ...values) {
    console.log(`unknown event: ${name} ${values.join(" ")}`);
  }
}

const [host = "localhost", port = "8000", keystore = "/keystore"] =
  process.argv.slice(2);
const socket = new Client();
await socket.connect(`http://${host}:${port}`, new MainHandler());
const chat = await socket.connect("/chat", new ChatHandler());
const keys = await socket.connect(keystore, new KeyHandler());

chat.emit("nickname", "bot");
chat.emit("user message", "I'm a bot", (receipt) =>
  console.log(`delivered: ${receipt}`),
);
keys.emit("set", args("colour", "blue"), (answer) =>
  console.log(`set: ${answer}`),
);
keys.emit("get", "colour", (value, found) =>
  console.log(`get: ${value} ${found}`),
);
await socket.waitForCallbacks({ seconds: 30 });

await chat.disconnect();
await socket.wait({ seconds: 0.05 });
console.log(`left: ${[...socket.namespaces.keys()].join(" ")}`);
await socket.disconnect();
