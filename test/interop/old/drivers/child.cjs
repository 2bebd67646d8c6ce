/**
 * The child process of a driven peer: `child.cjs <driver> <folder of the
 * package>`. It ends with its parent. What the peer throws ends it too, and
 * the parent reports it.
 */
const { createLink } = require("./link.cjs");

const [, , driver, folder] = process.argv;
const link = createLink((message) => {
  if (process.connected) process.send(message);
});
const commands = require(`./${driver}.cjs`).drive(folder, link.report);

process.on("message", (message) => link.receive(message, commands));
process.on("disconnect", () => process.exit());
process.send({ ready: true });
