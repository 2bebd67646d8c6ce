/**
 * Drives a server of 0.6, which has messages and nothing else. What happens
 * to a client is reported under the name `<server>  <session id>`, as on a
 * later server in the root namespace.
 */
const path = require("node:path");
const { cut, listen, stop } = require("./listening.cjs");

const TRANSPORTS = ["websocket", "htmlfile", "xhr-polling", "jsonp-polling"];

exports.drive = function drive(folder, report) {
  const library = require(folder);
  const servers = new Map();
  const clients = new Map();

  const transportOf = (client) =>
    TRANSPORTS.find(
      (name) =>
        client.constructor ===
        require(path.join(folder, "lib/socket.io/transports", name)),
    );

  function serve(key, options) {
    return (http) => {
      const io = library.listen(http, {
        flashPolicyServer: false,
        log: false,
        ...options.settings,
      });
      servers.set(key, io);
      io.on("connection", (client) => {
        const end = `${key}  ${client.sessionId}`;
        clients.set(end, client);
        client.on("message", (value) => report(end, "message", [value]));
        client.on("disconnect", () => report(end, "disconnect", []));
        report(`${key} `, "connection", [
          end,
          { id: client.sessionId, query: {} },
        ]);
      });
    };
  }

  return {
    start: (key, port, options) => listen(key, port, serve(key, options)),
    cut,
    stop,
    send: (end, value) => void clients.get(end).send(value),
    json: (end, value) => void clients.get(end).send(value),
    /** There is no call for it: the session is ended and its connection closed. */
    disconnect(end) {
      const client = clients.get(end);
      const { connection } = client;
      client._onDisconnect();
      connection.destroy();
    },
    transport: (end) => transportOf(clients.get(end)),
    broadcastText: (key, _name, _room, except, text) =>
      void servers
        .get(key)
        .broadcast(text, except && clients.get(except).sessionId),
  };
};
