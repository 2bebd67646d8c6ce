/**
 * The cookies that a server set, for the option `withCredentials`: load
 * balancers with sticky sessions need them back. One jar serves one connection
 * to one server, so domain and path are not looked at.
 */
import type { CookieJar } from "../environment.js";

interface Cookie {
  readonly value: string;
  /** ms since 1970. */
  readonly expires: number;
}

export class NodeCookieJar implements CookieJar {
  private readonly _cookies = new Map<string, Cookie>();

  constructor(private readonly _now: () => number = Date.now) {}

  store(headers: readonly string[]): void {
    for (const header of headers) {
      const [pair = "", ...attributes] = header.split(";");
      const equals = pair.indexOf("=");
      const name = pair.slice(0, equals).trim();
      if (equals < 1 || !name) continue;
      const value = pair
        .slice(equals + 1)
        .trim()
        .replace(/^"(.*)"$/, "$1");
      this._cookies.set(name, { value, expires: this._expiry(attributes) });
    }
  }

  addTo(headers: Record<string, string>): void {
    const now = this._now();
    const name =
      Object.keys(headers).find((key) => key.toLowerCase() === "cookie") ??
      "cookie";
    const pairs = headers[name] ? [headers[name]] : [];
    for (const [cookie, { value, expires }] of this._cookies) {
      if (expires > now) pairs.push(`${cookie}=${value}`);
      else this._cookies.delete(cookie);
    }
    if (pairs.length) headers[name] = pairs.join("; ");
  }

  /** A date or age that cannot be read counts as past: a deletion must not become a cookie for good. */
  private _expiry(attributes: readonly string[]): number {
    const read = (wanted: string) => {
      const found = attributes
        .map((a) => a.split("="))
        .find(([key = ""]) => key.trim().toLowerCase() === wanted);
      return found && found.slice(1).join("=").trim();
    };
    // As in RFC 6265, Max-Age goes before Expires.
    const age = read("max-age");
    if (age !== undefined)
      return /^-?\d+$/.test(age) ? this._now() + Number(age) * 1000 : 0;
    const date = read("expires");
    return date === undefined ? Infinity : Date.parse(date) || 0;
  }
}
