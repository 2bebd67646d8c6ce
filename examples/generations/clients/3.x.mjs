/** Socket.IO 3. */
import { io } from "sioc3";

const socket = io(process.argv[2]);
socket.on("message", (text) => {
  console.log(text);
  if (text === "Who is here?") socket.send("3.1.3: hello");
});
