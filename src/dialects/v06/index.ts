/** The frames with tildes, spoken by Socket.IO up to 0.6. */
import type { HostedDialect } from "../dialect.js";
import { v06, type V06Options } from "./dialect.js";
import { door06 } from "./door.js";

export { v06 };
export { way06 } from "./way.js";

export const hostedV06 = (options?: V06Options): HostedDialect => ({
  ...v06(options),
  generations: ["0.6"],
  door: door06,
});
