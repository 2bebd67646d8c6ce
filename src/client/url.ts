/**
 * Addresses as applications write them: `http://host:port/namespace?query`,
 * with the parts that may be left out taken from the page.
 */

/** Where a page was loaded from (`window.location`), as far as it matters here. */
export interface PageLocation {
  readonly protocol: string;
  readonly host: string;
  readonly hostname: string;
  readonly port: string;
}

export interface Address {
  /** The whole address, completed. */
  readonly source: string;
  readonly secure: boolean;
  /** The host's name, or its address; that of IPv6 in brackets. */
  readonly host: string;
  readonly port: string;
  /** The namespace. */
  readonly path: string;
  readonly query: string;
  /** Scheme, host and port: what a connection can be shared for. */
  readonly origin: string;
}

const ADDRESS =
  /^(https?|wss?):\/\/(?:[^/?#@]*@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d*))?([^?#]*)(?:\?([^#]*))?/;

/** The page's location, where there is one. */
export function pageLocation(): PageLocation | undefined {
  return typeof location === "undefined" ? undefined : location;
}

/** @throws {Error} it is relative and there is no page, or it is no address at all */
export function parseAddress(uri = "/", page = pageLocation()): Address {
  let source = uri;
  if (!/^\w+:\/\//.test(uri)) {
    const host = uri.replace(/^\/\//, "");
    if (host[0] === "/" && !page) {
      throw new Error(`no host in the address "${uri}"`);
    }
    source =
      (page?.protocol ?? "https:") +
      "//" +
      (host[0] === "/" ? page?.host : "") +
      host;
  }
  const parts = ADDRESS.exec(source);
  if (!parts) throw new Error(`not an address of http or ws: "${source}"`);
  const [, scheme, host, given, path, query = ""] = parts;
  // "ws" ends with an "s", too.
  const secure = /[ps]s/.test(scheme);
  const port = given || (secure ? "443" : "80");
  return {
    source,
    secure,
    host,
    port,
    path: path || "/",
    query,
    origin: `${scheme}://${host}:${port}`,
  };
}

/** `a=1&b=2`, escaped. */
export function encodeQuery(query: Readonly<Record<string, unknown>>): string {
  return Object.keys(query)
    .map(
      (key) =>
        encodeURIComponent(key) + "=" + encodeURIComponent(String(query[key])),
    )
    .join("&");
}

export function decodeQuery(text: string): Record<string, string> {
  const query: Record<string, string> = {};
  for (const pair of text.split("&")) {
    const [key, ...value] = pair.split("=");
    if (key)
      query[decodeURIComponent(key)] = decodeURIComponent(value.join("="));
  }
  return query;
}
