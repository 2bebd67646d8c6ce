/**
 * Whether a request's path lies below the one that a server is attached to.
 */

/**
 * @param url a path, with or without a query
 * @param mount with a slash at its end, or without one (`addTrailingSlash: false`)
 */
export function isBelow(url: string, mount: string): boolean {
  if (!url.startsWith(mount)) return false;
  if (mount.endsWith("/")) return true;
  // `/foo` is no part of `/foobar`.
  const next = url.charAt(mount.length);
  return next === "" || next === "/" || next === "?" || next === "#";
}

/** What follows, for the names of files: without a slash before it. */
export function restBelow(path: string, mount: string): string {
  const rest = path.slice(mount.length);
  return mount.endsWith("/") ? rest : rest.replace(/^\//, "");
}
