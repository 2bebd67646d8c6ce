/** Socket.IO 0.6: a library for browsers, with messages and nothing else. */
require("../shims/emitter.cjs");
const { openWindow } = require("../shims/window.cjs");

const { hostname, port } = new URL(process.argv[2]);
const { io } = openWindow(hostname, port);

const socket = new io.Socket(hostname, {
  port,
  transports: ["xhr-polling"],
  rememberTransport: false,
});
socket.on("message", (text) => {
  console.log(text);
  if (text === "Who is here?") socket.send("0.6.18: hello");
});
socket.connect();
