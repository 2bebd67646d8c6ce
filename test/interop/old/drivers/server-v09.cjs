/**
 * Drives a server of 0.7, 0.8 or 0.9. Everything that happens to a socket is
 * reported under the name `<server> <namespace> <id>`. A handshake with
 * `token=refused` or `token=broken` in its query is not let in; neither are
 * clients of the namespaces `/deny` and `/fault`.
 */
const { cut, listen, stop } = require("./listening.cjs");

exports.drive = function drive(folder, report) {
  const library = require(folder);
  const servers = new Map();
  const sockets = new Map();

  function serve(key, options) {
    const silent = () => undefined;
    return (http) => {
      const io = library.listen(http, {
        // Some lines are written before the level counts; `log: false` ends 0.7.
        logger: { error: silent, warn: silent, info: silent, debug: silent },
        "log level": 0,
        "flash policy server": false,
        transports: options.transports,
        ...options.settings,
        authorization(handshake, done) {
          const { token } = handshake.query;
          if (token === "broken") done("no oracle", false);
          else done(null, token !== "refused");
        },
      });
      servers.set(key, io);
      io.of("/deny").authorization((_, done) => done(null, false));
      io.of("/fault").authorization((_, done) => done("no oracle", false));
      for (const name of ["", "/chat", "/other", "/deny", "/fault"])
        io.of(name).on("connection", (socket) => met(key, name, socket));
    };
  }

  function met(key, name, socket) {
    const end = `${key} ${name} ${socket.id}`;
    sockets.set(end, socket);
    const publish = socket.$emit;
    socket.$emit = function (event, ...args) {
      report(end, event, args);
      return publish.call(this, event, ...args);
    };
    const { query } = socket.handshake;
    report(`${key} ${name}`, "connection", [end, { id: socket.id, query }]);
  }

  /** Everybody in the namespace, in a room of it, or there but for one socket. */
  function audience(key, name, room, except) {
    const from =
      except === null
        ? servers.get(key).of(name)
        : sockets.get(except).broadcast;
    return room === null ? from : from.to(room);
  }

  return {
    start: (key, port, options) => listen(key, port, serve(key, options)),
    cut,
    stop,
    send: (end, value, receipt) => void sockets.get(end).send(value, receipt),
    json: (end, value, receipt) =>
      void sockets.get(end).json.send(value, receipt),
    emit: (end, event, ...args) => void sockets.get(end).emit(event, ...args),
    join: (end, room) => void sockets.get(end).join(room),
    leave: (end, room) => void sockets.get(end).leave(room),
    disconnect: (end) => void sockets.get(end).disconnect(),
    transport: (end) => sockets.get(end).transport,
    broadcast: (key, name, room, except, event, ...args) =>
      void audience(key, name, room, except).emit(event, ...args),
    broadcastText: (key, name, room, except, text) =>
      void audience(key, name, room, except).send(text),
  };
};
