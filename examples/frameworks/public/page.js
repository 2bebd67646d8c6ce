/* global io */
const socket = io();

const show = (id, text) => {
  document.getElementById(id).textContent = text;
};

socket.on("connect", async () => {
  show("transport", socket.io.engine.transport.name);
  socket.io.engine.on("upgrade", ({ name }) => show("transport", name));
  show("said", await socket.emitWithAck("greet", "page"));
});
