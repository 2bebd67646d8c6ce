/** `process.EventEmitter`, which went from Node.js in 6.0: the libraries of 0.6 to 0.8 inherit from it. */
process.EventEmitter = require("node:events");
