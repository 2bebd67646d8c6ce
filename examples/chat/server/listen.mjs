/**
 * Finds a port: the wanted one, or the next that is free.
 */

const MORE_PORTS = 10;

/** @param {string | undefined} text */
export function readPort(text) {
  const port = Number(text || 3000);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Error(`PORT is a number from 0 to 65535, not "${text}".`);
  }
  return port;
}

/**
 * @param {import("node:http").Server} server
 * @param {number} wanted
 * @param {string} host
 * @returns {Promise<number>} the port in use
 */
export async function listen(server, wanted, host) {
  const last = Math.min(wanted + MORE_PORTS, 65535);
  for (let port = wanted; ; port += 1) {
    try {
      await tryPort(server, port, host);
      const address = server.address();
      return typeof address === "object" && address ? address.port : port;
    } catch (error) {
      if (!isTaken(error) || port === last) throw sentence(error, port, host);
      console.log(
        `Port ${port} is taken by another program; trying ${port + 1}.`,
      );
    }
  }
}

/**
 * @param {import("node:http").Server} server
 * @param {number} port
 * @param {string} host
 * @returns {Promise<void>}
 */
function tryPort(server, port, host) {
  return new Promise((resolve, reject) => {
    const onError = (/** @type {Error} */ error) => {
      server.off("listening", onListening);
      reject(error);
    };
    const onListening = () => {
      server.off("error", onError);
      resolve();
    };
    server.once("error", onError);
    server.once("listening", onListening);
    server.listen(port, host);
  });
}

/** @param {unknown} error */
function isTaken(error) {
  return (
    error instanceof Error && "code" in error && error.code === "EADDRINUSE"
  );
}

/** @param {unknown} error @param {number} port @param {string} host */
function sentence(error, port, host) {
  const why = error instanceof Error ? error.message : String(error);
  return new Error(
    `Cannot listen on ${host}:${port} (${why}). Set PORT or HOST to something else.`,
  );
}
