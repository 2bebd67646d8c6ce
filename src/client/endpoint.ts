/**
 * Where a connection goes and over what: the options of the engine, with
 * whatever the address, the page and the platform add to them.
 */
import type { Data } from "./emitter.js";
import type { Environment } from "./environment.js";
import type { EngineOptions } from "./options.js";
import type { TransportConstructor } from "./transport.js";
import { decodeQuery, pageLocation, parseAddress } from "./url.js";

export interface Endpoint {
  readonly opts: EngineOptions;
  readonly host: string;
  /** The address of all requests, from the last letter of the scheme: `s://host:port/path/`. */
  readonly base: string;
  /** Names, in the order of trying. */
  readonly transports: string[];
  readonly implementations: Readonly<Record<string, TransportConstructor>>;
}

/** @throws {Error} the address or the transports cannot be */
export function endpoint(
  uri: string | undefined,
  opts: EngineOptions,
  environment: Environment,
): Endpoint {
  const page = pageLocation();
  const address: Partial<ReturnType<typeof parseAddress>> = uri
    ? parseAddress(uri, page)
    : {};
  const query: string | Record<string, Data> | undefined =
    address.query || opts.query;
  const named = opts.host || opts.hostname;
  const secure = address.secure ?? opts.secure ?? page?.protocol === "https:";

  const {
    path = "/socket.io",
    addTrailingSlash = true,
    transports,
    transportImplementations,
  } = opts;
  const implementations = { ...environment.transports };
  const choice: readonly (string | TransportConstructor)[] =
    transportImplementations || transports || Object.keys(implementations);
  // Whatever is falsy is the default, as in the reference.
  const usual = secure ? 443 : 80;
  const port = address.port || opts.port || (!named && page?.port) || usual;
  let host = address.host || named || page?.hostname || "localhost";
  if (/^[^[]*:/.test(host)) host = `[${host}]`;
  return {
    // Spread, each would have a hidden class of its own.
    opts: Object.assign({}, opts, {
      query: typeof query === "string" ? decodeQuery(query) : query,
    }),
    host,
    base:
      (secure ? "s://" : "://") +
      host +
      (Number(port) === usual ? "" : ":" + port) +
      path.replace(/\/$/, "") +
      (addTrailingSlash ? "/" : ""),
    // A text gives its letters, and the error a list.
    transports: [...choice].map((transport) => {
      if (typeof transport !== "string") {
        const { name } = transport.prototype;
        implementations[name] = transport;
        return name;
      }
      if (!implementations[transport]) {
        throw new Error(
          `no transport "${transport}"; there is ${Object.keys(implementations).join(", ")}`,
        );
      }
      return transport;
    }),
    implementations,
  };
}
