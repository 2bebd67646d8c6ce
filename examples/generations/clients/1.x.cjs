/** Socket.IO 1, the first on Engine.IO: it polls first, then moves to WebSocket. */
const io = require("sioc1");

const socket = io(process.argv[2]);
socket.on("message", (text) => {
  console.log(text);
  if (text === "Who is here?") socket.send("1.7.4: hello");
});
