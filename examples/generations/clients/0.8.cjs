/** Socket.IO 0.8. */
const io = require("sioc08");

// An option of this name would be merged into the list, place by place.
io.transports = ["xhr-polling"];

const socket = io.connect(process.argv[2]);
socket.on("message", (text) => {
  console.log(text);
  if (text === "Who is here?") socket.send("0.8.7: hello");
});
