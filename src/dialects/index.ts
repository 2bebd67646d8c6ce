/**
 * All dialects with their doors, as a server needs them. A client knocks, and
 * imports the dialects that it speaks from their own folders.
 */
import { hostedEio3 as eio3 } from "./eio3/index.js";
import { hostedEio4 as eio4 } from "./eio4/index.js";
import { hostedV06 as v06 } from "./v06/index.js";
import { hostedV09 as v09 } from "./v09/index.js";

export { eio3, eio4, v06, v09 };
export type { Eio3HostOptions as Eio3Options } from "./eio3/index.js";

/** In the order in which their doors are shown a request. */
export const dialects = [eio4, eio3, v09, v06] as const;
