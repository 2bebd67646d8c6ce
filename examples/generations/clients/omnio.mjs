/** Our own client, which asks the server what it speaks. */
import { io } from "omnio/client";

const socket = io(process.argv[2]);
socket.on("message", (text) => {
  console.log(text);
  if (text === "Who is here?") socket.send("omnio: hello");
});
