/** Socket.IO 2. */
const io = require("sioc2");

const socket = io(process.argv[2]);
socket.on("message", (text) => {
  console.log(text);
  if (text === "Who is here?") socket.send("2.5.0: hello");
});
