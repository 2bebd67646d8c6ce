/**
 * What a server gives out beside its sockets: files of the application, and
 * another application for all other requests.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { fail, isObject, ms } from "./option-checks.js";

/** One file, or all files of a folder. */
export interface StaticFile {
  /** A path, or a `file:` URL. Relative paths start where the program was started. */
  filename: string | URL;
  /** @default what the file's name says */
  contentType?: string;
  /** How long browsers may use it without asking again, in ms. @default 0: they ask whether it has changed */
  maxAge?: number;
}

/**
 * Files and folders by the path that they are served at. The longest key that
 * a path begins with counts; what follows it is looked for in the folder. The
 * key `""` names the file that a folder itself is answered with.
 *
 * @example { "/": "public/index.html", "/static": "public", "": "index.html" }
 */
export type StaticFiles = Readonly<Record<string, string | URL | StaticFile>>;

/** An application of the web's own classes: one of Hono, or a module with `fetch`. */
export interface FetchApp {
  /** `context`: what the runtime hands over beside the request; nothing in Node. */
  fetch(request: Request, ...context: unknown[]): Response | Promise<Response>;
}

/**
 * Who answers requests that are neither ours nor for a static file. A function
 * is one of Node's HTTP servers (an Express application is one, Koa's
 * `callback()`, too), and works there; an object with `fetch` works everywhere.
 */
export type OtherApp =
  ((request: IncomingMessage, response: ServerResponse) => unknown) | FetchApp;

/** @throws {TypeError} it is no such table */
export function checkStaticFiles(
  given: StaticFiles | undefined,
): StaticFiles | undefined {
  if (given === undefined) return undefined;
  if (!isObject(given))
    fail(
      "staticFiles",
      given,
      'an object such as { "/": "public/index.html", "/static": "public" }',
    );
  for (const [path, file] of Object.entries<unknown>(given)) {
    const name = `staticFiles[${JSON.stringify(path)}]`;
    if (path !== "" && !path.startsWith("/"))
      fail(`the key of ${name}`, path, 'a path that starts with "/", or ""');
    if (typeof file === "string" || file instanceof URL) continue;
    if (
      !isObject(file) ||
      !(typeof file.filename === "string" || file.filename instanceof URL) ||
      !["string", "undefined"].includes(typeof file.contentType) ||
      "content_type" in file
    )
      fail(name, file, "a path, or { filename, contentType, maxAge }");
    ms(file, "maxAge", 0);
  }
  return given;
}

/** @throws {TypeError} it can answer nothing */
export function checkOtherApp(
  given: OtherApp | undefined,
): OtherApp | undefined {
  if (
    given !== undefined &&
    typeof given !== "function" &&
    !(isObject(given) && typeof given.fetch === "function")
  )
    fail(
      "otherApp",
      given,
      "a function (request, response), or an object with fetch(request)",
    );
  return given;
}
