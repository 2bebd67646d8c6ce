/**
 * Drives a client of 0.6: its bundle in a page or, in Node.js, in a window
 * that is as much of one as the bundle asks for.
 */
(function (exports) {
  exports.driveClients = function driveClients(io, report, place) {
    const ends = {};
    const EVENTS = [
      "connect",
      "connecting",
      "connect_failed",
      "message",
      "disconnect",
      "reconnect",
      "reconnecting",
      "reconnect_failed",
      "error",
    ];

    return {
      open(key, port, options) {
        if (place) place(port);
        const end = new io.Socket("127.0.0.1", {
          port,
          transports: [options.transport],
          rememberTransport: false,
          reconnect: options.reconnect,
          ...(options.resource && { resource: options.resource }),
          reconnectionDelay: 25,
          // Its WebSocket in Node.js does not say that it was closed: silence does.
          ...(place && { transportOptions: { websocket: { timeout: 3_000 } } }),
          tryTransportsOnConnectTimeout: false,
        });
        ends[key] = end;
        EVENTS.forEach((event) =>
          end.on(event, (...args) => report(key, event, args)),
        );
        end.connect();
      },
      send: (key, value) => void ends[key].send(value),
      json: (key, value) => void ends[key].send(value),
      disconnect: (key) => void ends[key].disconnect(),
      end: (key) => void ends[key].disconnect(),
      state(key) {
        const { connected, transport } = ends[key];
        return {
          connected,
          transport: transport && transport.type,
          id: transport && transport.sessionid,
        };
      },
    };
  };

  exports.drive = function drive(folder, report) {
    const { openWindow } = require("./window-v06.cjs");
    const { window, place } = openWindow(folder);
    return exports.driveClients(window.io, report, place);
  };
})(typeof module === "object" ? module.exports : window.drivers);
