/**
 * The client for browsers with MessagePack as its parser, which pages load as
 * one file: `omnio.msgpack.min.js`.
 */
import * as parser from "../dialects/msgpack.js";
import { Manager as TextManager } from "./browser.js";
import { createLookup, type Options } from "./lookup.js";
import { Socket } from "./socket.js";

export class Manager extends TextManager {
  constructor(uri?: string | Options, opts?: Options) {
    if (typeof uri === "object") super({ parser, ...uri });
    else super(uri, { parser, ...opts });
  }
}

const lookup = createLookup(Manager);

/** Connects to a server. */
export const io = Object.assign(lookup, {
  Manager,
  Socket,
  io: lookup,
  connect: lookup,
});

export { Socket, io as connect, io as default };
export { protocol } from "./public.js";
