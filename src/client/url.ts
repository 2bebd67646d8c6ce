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
  /** Without the brackets of IPv6. */
  readonly hostname: string;
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
export function parseAddress(
  uri: string | undefined,
  page = pageLocation(),
): Address {
  let source = uri ?? "//" + (page?.host ?? "");
  if (!page && /^(\/|$)/.test(source)) {
    throw new Error(
      `the address "${uri ?? ""}" needs a page to be relative to; write it with its host, such as "http://localhost:3000"`,
    );
  }
  if (/^\/(?!\/)/.test(source)) source = "//" + page!.host + source;
  if (!/^\w+:\/\//.test(source)) {
    source = (page?.protocol ?? "https:") + "//" + source.replace(/^\/\//, "");
  }
  const parts = ADDRESS.exec(source);
  if (!parts)
    throw new Error(
      `"${source}" is not an address that starts with http, https, ws or wss`,
    );
  const [, scheme = "", host = "", port, path, query = ""] = parts;
  const secure = /s$/.test(scheme);
  const number = port || (secure ? "443" : "80");
  return {
    source,
    secure,
    hostname: host.replace(/[[\]]/g, ""),
    port: number,
    path: path || "/",
    query,
    origin: `${scheme}://${host}:${number}`,
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
    const [, key = "", value = ""] = /^([^=]*)=?(.*)$/.exec(pair) ?? [];
    if (key) query[decodeURIComponent(key)] = decodeURIComponent(value);
  }
  return query;
}
