/** vue-socket.io-extended: events as methods of components, and a state of the connection. */
import { createRequire } from "node:module";
import rig from "./rig.cjs";

const require = createRequire(import.meta.url);
const Vue = require("vue");
const VueSocketIO = require("vue-socket.io-extended/dist/vue-socket.io-ext.min.js");
const { client, connected, heard, print, program, serve } = rig;

Vue.config.productionTip = false;
Vue.config.devtools = false;

program(async () => {
  const { io, url } = await serve();
  io.on("connection", (socket) => {
    socket.on("tell", (text) => socket.emit("told me", text, text.length));
    socket.on("ask", (done) => socket.emit("asked", 1, done));
  });
  const socket = client(url, { autoConnect: false });
  const committed = [];
  const store = {
    _mutations: { SOCKET_TOLD_ME: [], "deep/SOCKET_CONNECT": [] },
    _actions: { socket_toldMe: [] },
    commit: (...all) => committed.push(["commit", ...all]),
    dispatch: (...all) => committed.push(["dispatch", ...all]),
  };
  Vue.use(VueSocketIO, socket, { store });

  const told = [];
  const component = new Vue({
    sockets: {
      connect: () => told.push("connect"),
      disconnect: (reason) => told.push(["disconnect", reason]),
      "told me": (...all) => told.push(["told me", ...all]),
      asked: (n, done) => done(`answer to ${n}`),
    },
  });
  print("before", component.$socket.connected);
  component.$socket.client.open();
  await connected(socket);
  print("after", component.$socket.connected);
  component.$socket.$subscribe("told me", (text) => told.push(text));
  const answer = heard(socket, "told me");
  socket.emit("tell", "hällo");
  print("heard", await answer);
  print("ask", await socket.emitWithAck("ask"));
  component.$socket.$unsubscribe("told me");
  socket.emit("tell", "nobody hears");
  await heard(socket, "told me");
  socket.disconnect();
  print("told", told);
  print("store", committed);
});
