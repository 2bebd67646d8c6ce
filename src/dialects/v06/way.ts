/** How a client talks to servers of 0.6: the first poll has the session in its answer, and POSTs are forms. */
import type { Way } from "../way.js";
import { v06 } from "./dialect.js";

export const way06: Way = {
  dialect: v06(),
  refuses: () => false,
  offer: () => undefined,
  hello: (stamp) => `xhr-polling//${stamp}`,
  poll: (sid, stamp) => `xhr-polling/${sid}/${stamp}`,
  post: (sid) => `xhr-polling/${sid}/send`,
  stream: () => "websocket",
  form: (body) => "data=" + encodeURIComponent(String(body)),
  patient: false,
};
