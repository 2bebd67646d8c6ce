/** `process.EventEmitter`, which went from Node.js in 6.0: 0.6 and 0.7 inherit from it. */
process.EventEmitter = require("node:events");
