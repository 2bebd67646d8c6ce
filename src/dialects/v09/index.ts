/** The protocol that called itself 1, spoken by Socket.IO 0.7, 0.8 and 0.9. */
import type { HostedDialect } from "../dialect.js";
import { v09, type V09Options } from "./dialect.js";
import { door09 } from "./door.js";

export { v09 };
export { way09 } from "./way.js";

export const hostedV09 = (options?: V09Options): HostedDialect => ({
  ...v09(options),
  generations: ["0.9", "0.8", "0.7"],
  door: door09(options),
});
