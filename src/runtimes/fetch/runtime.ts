/** Runtimes with servers of `fetch`: what they share, and how they differ. */
import type { EngineOptions } from "../../server/options.js";
import type { Mounted, Runtime } from "../../server/runtime.js";
import { asBuffer } from "../../node/frame-ports.js";
import { base64, randomId } from "../node/platform.js";
import { optionalPackage } from "../optional-package.js";
import { FetchEngine } from "./engine.js";
import { clock, defer } from "./platform.js";
import { Place, Site } from "./site.js";

/** How one of them listens. */
export interface Host {
  /** Its name, for errors. */
  readonly name: string;
  /** Whether requests can become WebSockets. */
  readonly webSockets: boolean;
  /** Listens on a port. Not there: the program has to. */
  readonly listen?: (site: Site, port: number) => Mounted;
}

export function fetchRuntime({ name, webSockets, listen }: Host): Runtime {
  return {
    clock,
    base64,
    bytes: asBuffer,
    randomId,
    defer,
    load: optionalPackage,
    createEngine(options, dialects) {
      refuseWhatNodeHas(options, name);
      const engine = new FetchEngine(options, dialects);
      engine.webSockets = webSockets;
      return engine;
    },
    mount(engine, target, options) {
      if (!(engine instanceof FetchEngine))
        throw new TypeError(`this engine cannot be used in ${name}`);
      if (target instanceof Place) {
        target.site = new Site(engine, options);
        return { httpServer: undefined, close: () => Promise.resolve() };
      }
      if (listen === undefined || !isPort(target))
        throw new TypeError(
          listen === undefined
            ? "there is nothing to listen with here: pass io.handler().fetch to your server"
            : "cannot attach to this: expected a port number; a server of your own takes io.handler()",
        );
      return listen(new Site(engine, options), target);
    },
  };
}

function refuseWhatNodeHas({ wsEngine }: EngineOptions, name: string): void {
  if (wsEngine !== undefined)
    throw new TypeError(
      `wsEngine is for Node.js: in ${name}, WebSockets are the runtime's own`,
    );
}

function isPort(target: unknown): target is number {
  return Number.isInteger(target) && Number(target) >= 0;
}
