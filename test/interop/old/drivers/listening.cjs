/** HTTP servers of a driven peer, which can be stopped at once with everything that is open on them. */
const http = require("node:http");

const servers = new Map();

exports.listen = function listen(key, port, mount) {
  const server = http.createServer((_, response) => {
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" });
    response.end("<!doctype html><title>A page for clients</title>");
  });
  const sockets = new Set();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  servers.set(key, { server, sockets });
  mount(server);
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server.address().port));
  });
};

/** Cuts the connections of every client, and goes on listening. */
exports.cut = function cut(key) {
  for (const socket of servers.get(key).sockets) socket.destroy();
};

exports.stop = function stop(key) {
  const { server, sockets } = servers.get(key);
  servers.delete(key);
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of sockets) socket.destroy();
  });
};
