/** What these programs share: a server on a free port, clients of it, and the end of both. */
const { once } = require("node:events");
const { createServer } = require("node:http");
const { Server } = require("socket.io");
const { io: connect } = require("socket.io-client");

const open = [];

/** @returns the server, its HTTP server and its address */
exports.serve = async (options, listener) => {
  const http = createServer(listener);
  const io = new Server(http, options);
  http.listen(0, "127.0.0.1");
  await once(http, "listening");
  open.push(() => io.close());
  return { io, http, url: `http://127.0.0.1:${http.address().port}` };
};

/** A client of its own connection; it is not waited for. */
exports.client = (url, options) => {
  const socket = connect(url, {
    forceNew: true,
    reconnection: false,
    ...options,
  });
  open.unshift(() => socket.disconnect());
  return socket;
};

/** The arguments of an event. */
exports.heard = (emitter, event) =>
  new Promise((resolve) =>
    emitter.once(event, (...args) => resolve(args.map(shown))),
  );

/** Resolves when a client is connected, at once if it is. */
exports.connected = (socket) =>
  socket.connected || exports.heard(socket, "connect");

/** An error as a program may see it. */
function shown(value) {
  return value instanceof Error
    ? { message: value.message, data: value.data }
    : value;
}

/** Looks again and again, where there is no event for it in both. */
exports.until = (so) =>
  new Promise((resolve) => {
    const look = () => (so() ? resolve() : setImmediate(look));
    look();
  });

exports.print = (what, ...values) =>
  console.log(what, ...values.map((value) => JSON.stringify(value)));

/** Runs a program, then ends what it has opened. */
exports.program = (main) =>
  main()
    .then(async () => {
      for (const close of open) await close();
      console.log("end");
    })
    .catch((error) => {
      console.error(error);
      process.exit(1);
    })
    // Third parties leave timers behind.
    .then(() => process.exit(0));
