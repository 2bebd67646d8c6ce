/**
 * A path with parts that are captured: `/echo/:room`, or a regular expression
 * with named groups. It stands for the beginning of a URL, in whole segments.
 */

export interface PathMatch {
  /** What of the URL belongs to the pattern, with the slash behind it if there is one. */
  readonly prefix: string;
  readonly params: Readonly<Record<string, string>>;
}

export class PathPattern {
  readonly #regExp: RegExp;

  /** @throws {TypeError} neither a path nor a regular expression that remembers nothing */
  constructor(path: string | RegExp) {
    if (path instanceof RegExp) {
      if (path.global || path.sticky)
        throw new TypeError(
          `serve: the path must not have the flag g or y, as it would match every other time only: ${String(path)}`,
        );
      this.#regExp = whole(path.source.replace(/^\^/, ""), path.flags);
    } else {
      if (typeof path !== "string" || !path.startsWith("/"))
        throw new TypeError(
          `serve: path must be a string that starts with "/", such as "/echo/:room", or a regular expression, not ${JSON.stringify(path)}`,
        );
      const escaped = path
        .replace(/\/$/, "")
        .replace(/[.*+?^${}()|[\]\\]/g, "\\$&")
        .replace(/:(\w+)/g, "(?<$1>[^/?#]+)");
      this.#regExp = whole(escaped, "");
    }
  }

  match(url: string): PathMatch | undefined {
    const found = this.#regExp.exec(url);
    if (found === null) return undefined;
    const params: Record<string, string> = {};
    for (const [name, value] of Object.entries(found.groups ?? {}))
      if (value !== undefined) params[name] = decode(value);
    const [match] = found;
    return { prefix: url[match.length] === "/" ? `${match}/` : match, params };
  }
}

function whole(source: string, flags: string): RegExp {
  return new RegExp(`^(?:${source})(?=[/?#]|$)`, flags);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
