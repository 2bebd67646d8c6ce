/**
 * Drives a client of 0.7, 0.8 or 0.9: the library in Node.js, its bundle in a
 * page.
 */
(function (exports) {
  exports.driveClients = function driveClients(io, report) {
    const ends = {};

    /** In Node.js an error that nobody listens to would be thrown, also in a namespace that nobody asked for. */
    function guard(socket) {
      const of = socket.of;
      const guarded = new Set();
      socket.of = function (name) {
        const namespace = of.call(this, name);
        if (!guarded.has(name)) namespace.on("error", () => undefined);
        guarded.add(name);
        return namespace;
      };
      socket.on("error", () => undefined);
      Object.keys(socket.namespaces).forEach((name) => socket.of(name));
    }

    function watch(key, namespace) {
      ends[key] = namespace;
      const publish = namespace.$emit;
      namespace.$emit = function (event, ...args) {
        report(key, event, args);
        return publish.apply(this, arguments);
      };
    }

    return {
      open(key, port, options) {
        const { transport, namespace, query, reconnect } = options;
        // An option `transports` would be merged into the list, place by place.
        io.transports = [transport];
        const end = io.connect(
          `http://127.0.0.1:${port}${namespace}${query ? `?${query}` : ""}`,
          {
            "force new connection": true,
            reconnect,
            // A handshake that takes longer is asked for again, and then there are two connections.
            "reconnection delay": 200,
            "max reconnection attempts": 50,
            "reconnection limit": 2_000,
            "try multiple transports": false,
          },
        );
        guard(end.socket);
        watch(key, end);
      },
      of: (key, other, name) => watch(other, ends[key].of(name)),
      send: (key, value, receipt) => void ends[key].send(value, receipt),
      json: (key, value, receipt) => void ends[key].json.send(value, receipt),
      emit: (key, event, ...args) => void ends[key].emit(event, ...args),
      disconnect: (key) => void ends[key].disconnect(),
      end(key) {
        const { socket } = ends[key];
        if (socket.connected || socket.open) socket.disconnect();
        // A connection that never came about cannot be closed, but given up.
        socket.reconnecting = false;
        clearTimeout(socket.reconnectionTimer);
      },
      state(key) {
        const { connected, transport, sessionid } = ends[key].socket;
        return {
          connected,
          transport: transport && transport.name,
          id: sessionid,
        };
      },
    };
  };

  exports.drive = (folder, report) =>
    exports.driveClients(require(folder), report);
})(typeof module === "object" ? module.exports : window.drivers);
