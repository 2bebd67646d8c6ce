/** How a client talks to servers of 0.7 to 0.9: it is greeted apart, and everything has the session in its path. */
import type { Way } from "../way.js";
import { v09 } from "./dialect.js";

export const way09: Way = {
  dialect: v09(),
  refuses: (text) => text.startsWith("handshake "),
  offer(greeting) {
    const [sid, , , transports = ""] = greeting.split(":");
    return { sid, transports };
  },
  hello: () => "1/",
  poll: (sid) => `1/xhr-polling/${sid}`,
  post: (sid) => `1/xhr-polling/${sid}`,
  stream: (sid) => `1/websocket/${sid}`,
  patient: true,
};
