/**
 * All dialects with their doors, as a server needs them. A client knocks, and
 * imports the dialects that it speaks from their own files.
 */
import type { Dialect, DialectFactory } from "./dialect.js";
import { door } from "./door.js";
import { eio3 as makeEio3, type Eio3Options } from "./eio3.js";
import { eio4 as makeEio4 } from "./eio4.js";

const door3 = door((version) => version !== "4", true);
const door4 = door((version) => version === "4", false);

export const eio3 = (options?: Eio3Options): Dialect => ({
  ...makeEio3(options),
  door: door3,
});

export const eio4: DialectFactory = (options) => ({
  ...makeEio4(options),
  door: door4,
});

/** In the order in which their doors are shown a request. */
export const dialects: readonly DialectFactory[] = [eio4, eio3];
