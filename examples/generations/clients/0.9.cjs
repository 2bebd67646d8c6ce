/** Socket.IO 0.9, which many ports in other languages still speak. */
const io = require("sioc09");

const socket = io.connect(process.argv[2]);
socket.on("message", (text) => {
  console.log(text);
  if (text === "Who is here?") socket.send("0.9.17: hello");
});
