/**
 * The application that the Socket.IO contenders run: the same lines for each of
 * them, with `io` as the only difference.
 */
import { measure } from "./measured.mjs";

/** @param {any} io the contender's */
export function measureApplication(io) {
  measure((url, transports, heard) => {
    const socket = io(url, {
      forceNew: true,
      ...(transports && { transports }),
    });
    socket.on("news", heard);
    return {
      joined: new Promise((resolve, reject) => {
        const settled = () => {
          if (socket.io.engine.transport.name === "websocket") resolve(null);
          else socket.io.engine.once("upgrade", resolve);
        };
        socket.once("connect", settled);
        socket.once("connect_error", reject);
      }),
      next: (times) => socket.emit("next", times),
      close: () => socket.disconnect(),
    };
  });
}
