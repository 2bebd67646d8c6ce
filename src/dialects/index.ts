/** All dialects, in the order in which a request is shown to their doors. */
import type { DialectFactory } from "./dialect.js";
import { eio3 } from "./eio3.js";
import { eio4 } from "./eio4.js";

export { eio3, eio4 };
export const dialects: readonly DialectFactory[] = [eio4, eio3];
