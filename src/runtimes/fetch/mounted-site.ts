/** Makes a server's site, for its `handler()`. */
import type { BaseServer } from "../../server/server.js";
import type { ServerOptions } from "../../server/options.js";
import type { Any } from "../../server/typed-events.js";
import { Place, type Site } from "./site.js";

export function mountedSite(
  server: BaseServer<Any, Any, Any, Any>,
  opts: ServerOptions,
): Site {
  const place = new Place();
  server._mount(place, opts);
  if (place.site === undefined) throw new Error("nothing was mounted");
  return place.site;
}
