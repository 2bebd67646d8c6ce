/** Socket.IO 4. */
import { io } from "socket.io-client";

const socket = io(process.argv[2]);
socket.on("message", (text) => {
  console.log(text);
  if (text === "Who is here?") socket.send("4.8.4: hello");
});
