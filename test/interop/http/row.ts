/**
 * A row of the table of HTTP behaviour: put to the reference and to us. Where
 * the reference is wrong, `better` is what is right, and the row also shows
 * that the reference differs.
 */
import type { ServerSocket } from "../peers/peer.js";
import { seen, type Site } from "./site.js";

/** Where the requests go. */
export const POLL = "/socket.io/?EIO=4&transport=polling";
export const OLD_POLL = "/socket.io/?EIO=3&transport=polling";
export const SOCKET = "/socket.io/?EIO=4&transport=websocket";

export interface Row {
  readonly name: string;
  readonly options?: object;
  readonly run: (site: Site) => Promise<unknown>;
  readonly better?: unknown;
}

export const OCTETS = { "Content-Type": "application/octet-stream" };
export const TEXT = { "Content-Type": "text/plain;charset=UTF-8" };

export const post = (
  body: string | Buffer,
  headers: Record<string, string> = TEXT,
): {
  method: string;
  headers: Record<string, string>;
  body: string | Buffer;
} => ({
  method: "POST",
  headers,
  body,
});

/** A plain request, what came back, and what `connection_error` said. */
export const plain =
  (path: string, request?: Parameters<Site["ask"]>[1], ...headers: string[]) =>
  async (site: Site): Promise<unknown> => ({
    answer: seen(await site.ask(path, request), ...headers),
    reported: site.reported,
  });

export function echo(site: Site): void {
  site.io.on("connection", (socket: ServerSocket) => {
    socket.on("echo", (value: unknown) => socket.emit("echo", value));
  });
}
