/**
 * Two habits of the Node.js of 2011 that the WebSocket drafts before RFC 6455
 * were written for: the socket of an upgrade may be given an encoding, and a
 * hash takes a string without an encoding as Latin-1.
 */
const { createHash } = require("node:crypto");
const { Server } = require("node:http");

const emit = Server.prototype.emit;
Server.prototype.emit = function (event, ...args) {
  // Node's own `setEncoding` of such a socket throws.
  if (event === "upgrade") delete args[1].setEncoding;
  return emit.call(this, event, ...args);
};

const hash = Object.getPrototypeOf(createHash("md5"));
const update = hash.update;
hash.update = function (data, encoding) {
  return update.call(
    this,
    data,
    typeof data === "string" && encoding === undefined ? "latin1" : encoding,
  );
};
