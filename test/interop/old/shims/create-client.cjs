/**
 * `http.createClient`, which went from Node.js in 9.0: the WebSocket client
 * of that time opens its connection with it. The body of its GET request (the
 * nonce of hixie-76) goes out as it is, right after the headers.
 */
const { EventEmitter } = require("node:events");
const http = require("node:http");

http.createClient = function createClient(port, host) {
  const client = new EventEmitter();
  const requests = [];
  client.request = function (...given) {
    const [method, path, headers] =
      given.length > 2 ? given : ["GET", ...given];
    const request = http.request({
      host,
      port,
      method,
      path,
      headers,
      agent: false,
    });
    requests.push(request);
    request.on("upgrade", (...args) => client.emit("upgrade", ...args));
    request.on("error", (error) => client.emit("error", error));
    // Without an upgrade there is nothing to wait for.
    request.on("response", (response) => {
      response.resume();
      client.emit("error", new Error(`refused: HTTP ${response.statusCode}`));
    });
    request.flushHeaders();
    return request;
  };
  client.end = () => requests.forEach((request) => request.destroy());
  return client;
};
