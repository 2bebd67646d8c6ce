/**
 * Files of the application, for the option `staticFiles`. Which file a path
 * means is decided here, and that it is one that may be seen: below its folder
 * even where links lead, and not hidden. How it is answered (types, caching,
 * ranges) is the matter of `@fastify/send`, an optional package that knows no
 * runtime's responses.
 */
import { realpath, stat } from "node:fs/promises";
import {
  basename,
  dirname,
  isAbsolute,
  join,
  relative,
  resolve,
} from "node:path";
import type { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { StaticFile, StaticFiles } from "../server/site-options.js";
import { optionalPackage } from "./optional-package.js";

/** The part of a request that matters to a file. */
export interface FileRequest {
  readonly method?: string | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

export interface FileAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  /** Not for `HEAD` and `304`. */
  readonly body: Readable | undefined;
}

/** What is used of `@fastify/send`. */
type Send = (
  request: FileRequest,
  path: string,
  options: Record<string, unknown>,
) => Promise<{
  statusCode: number;
  headers: Record<string, string | number>;
  stream: Readable;
  type: "file" | "directory" | "error";
}>;

/** What a path may mean: a file or folder, and what of the path follows its key. */
export interface Candidate {
  readonly entry: StaticFile;
  readonly path: string;
  readonly rest: string;
}

export class FileShelf {
  readonly #entries: ReadonlyMap<string, StaticFile>;
  readonly #index: string;
  readonly #send: Send;

  /** @throws {Error} `@fastify/send` is not installed */
  constructor(files: StaticFiles) {
    const { send } = optionalPackage(
      "@fastify/send",
      "the option staticFiles",
    ) as { send: Send };
    this.#send = send;
    this.#entries = new Map(
      Object.entries(files).map(([key, given]) => {
        const file =
          typeof given === "string" || given instanceof URL
            ? { filename: given }
            : given;
        return [key, { ...file, filename: pathOf(file.filename) }];
      }),
    );
    this.#index = basename(
      String(this.#entries.get("")?.filename ?? "index.html"),
    );
  }

  /** `undefined`: nothing of ours, which is known at once. */
  find(method: string | undefined, url: string): Candidate | undefined {
    if (method !== "GET" && method !== "HEAD") return undefined;
    const path = decoded(url.split(/[?#]/, 1)[0]);
    if (path === undefined) return undefined;
    const exact = this.#entries.get(path);
    if (exact !== undefined) return { entry: exact, path, rest: "" };
    for (
      let end = path.lastIndexOf("/");
      end >= 0;
      end = end === 0 ? -1 : path.lastIndexOf("/", end - 1)
    ) {
      const entry =
        (end === 0 ? undefined : this.#entries.get(path.slice(0, end))) ??
        this.#entries.get(path.slice(0, end + 1));
      if (entry !== undefined) return { entry, path, rest: path.slice(end) };
    }
    return undefined;
  }

  /** `undefined`: there is no such file, or it is not to be seen. */
  async answer(
    { entry, path, rest }: Candidate,
    request: FileRequest,
  ): Promise<FileAnswer | undefined> {
    const root = String(entry.filename);
    let file = await seen(root, rest);
    if (file === undefined) return undefined;
    if (file.folder) {
      if (!path.endsWith("/")) return redirect(path);
      file = await seen(root, join(rest, this.#index));
    } else if (path.endsWith("/") && rest !== "") return undefined;
    if (file === undefined || file.folder) return undefined;
    const sent = await this.#send(
      request,
      encodeURIComponent(basename(file.path)),
      {
        root: dirname(file.path),
        // Those of the application's own choice may be hidden; others were not seen.
        dotfiles: "allow",
        index: false,
        maxAge: entry.maxAge ?? 0,
      },
    );
    if (sent.statusCode === 404) {
      sent.stream.destroy();
      return undefined;
    }
    const headers = Object.fromEntries(
      Object.entries(sent.headers).map(([name, value]) => [
        name,
        String(value),
      ]),
    );
    if (entry.contentType !== undefined && sent.statusCode < 300)
      headers["Content-Type"] = entry.contentType;
    const empty = request.method === "HEAD" || sent.statusCode === 304;
    if (empty) sent.stream.destroy();
    return {
      status: sent.statusCode,
      headers,
      body: empty ? undefined : sent.stream,
    };
  }
}

/** What is at a path below a root, if it may be seen. */
async function seen(
  root: string,
  rest: string,
): Promise<{ path: string; folder: boolean } | undefined> {
  try {
    const top = await realpath(root);
    const path = await realpath(join(top, rest));
    const inside = relative(top, path);
    if (isAbsolute(inside)) return undefined;
    // `..` is outside; what begins with a dot otherwise is hidden.
    if (inside.split(/[\\/]/).some((part) => part.startsWith(".")))
      return undefined;
    const found = await stat(path);
    if (found.isDirectory()) return { path, folder: true };
    return found.isFile() ? { path, folder: false } : undefined;
  } catch {
    // Not there, or not for us to read.
    return undefined;
  }
}

/** Links in a page of a folder are relative to the folder. */
function redirect(path: string): FileAnswer {
  // Two slashes would begin the name of another host.
  const location = encodeURI(`/${path.replace(/^[\\/]+/, "")}/`);
  return { status: 301, headers: { Location: location }, body: undefined };
}

function decoded(path: string): string | undefined {
  try {
    const text = decodeURIComponent(path);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}

function pathOf(file: string | URL): string {
  return file instanceof URL ? fileURLToPath(file) : resolve(file);
}
