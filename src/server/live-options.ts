/**
 * `io.engine.opts` may be changed while the server runs. What is put there goes
 * through the same checks as what the constructor gets.
 */
import type { EngineOptions } from "./options.js";
import { engineOptions } from "./resolve-options.js";

/** Those that Engine.IO has as well, and that are looked at again after the start. */
const CHECKED = [
  "pingTimeout",
  "pingInterval",
  "upgradeTimeout",
  "maxHttpBufferSize",
  "httpRequestBodyTimeout",
  "maxBufferedChunks",
  "allowRequest",
  "transports",
  "allowUpgrades",
  "httpCompression",
  "initialPacket",
  "cookie",
] as const;

/** The same options, which throw a TypeError when they are set to what cannot work. */
export function liveOptions(options: EngineOptions): EngineOptions {
  const live = { ...options };
  for (const name of CHECKED) check(live, name);
  return live;
}

function check<Name extends (typeof CHECKED)[number]>(
  options: EngineOptions,
  name: Name,
): void {
  let value = options[name];
  Object.defineProperty(options, name, {
    enumerable: true,
    configurable: true,
    get: () => value,
    set(given: EngineOptions[Name]) {
      value = engineOptions({ [name]: given })[name];
    },
  });
}
