/** The ways to servers before Socket.IO 1.0, one for each of their two dialects. */
import { way06 } from "../../dialects/v06/index.js";
import { way09 } from "../../dialects/v09/index.js";
import type { Way } from "../../dialects/way.js";

/** By the number that requests and dialects carry, in the order of trying. */
export const WAYS: ReadonlyMap<unknown, Way> = new Map(
  [way09, way06].map((way) => [way.dialect.protocol, way]),
);
