/**
 * All that a server of `fetch` answers: the engine's requests, the client's
 * files, files of the application, another application, and 404.
 */
import type { AttachOptions } from "../../server/options.js";
import type { FetchApp } from "../../server/site-options.js";
import { answerWithClientFile, isClientFile } from "../client-files.js";
import { isBelow, restBelow } from "../mount-path.js";
import { FileShelf } from "../static-files.js";
import { toWeb } from "../web-streams.js";
import type { FetchEngine, Visit } from "./engine.js";
import { incomingOf } from "./incoming.js";
import { Outgoing } from "./outgoing.js";

export type SiteOptions = AttachOptions & { serveClient: boolean };

/** What a runtime mounts, to be filled by `mountSite`. */
export class Place {
  site: Site | undefined = undefined;
}

export class Site {
  readonly #shelf: FileShelf | undefined;
  readonly #other: FetchApp | undefined;
  readonly #serveClient: boolean;

  /** @throws {Error} an option does not work here */
  constructor(
    readonly engine: FetchEngine,
    { path, addTrailingSlash, ...options }: SiteOptions,
  ) {
    engine.mount = addTrailingSlash ? `${path}/` : path;
    engine.reopen();
    const { staticFiles, otherApp, serveClient } = options;
    if (typeof otherApp === "function")
      throw new TypeError(
        "otherApp must be an object with fetch(request) here, but it is a function: pass { fetch: otherApp }",
      );
    this.#other = otherApp;
    this.#shelf = staticFiles && new FileShelf(staticFiles);
    this.#serveClient = serveClient;
  }

  /**
   * @param context what the runtime hands to `fetch` beside the request, for the other application
   * @returns `undefined`: the request has become a WebSocket, and the runtime has answered
   */
  async answer(
    request: Request,
    visit: Visit,
    context: readonly unknown[],
  ): Promise<Response | undefined> {
    const url = new URL(request.url);
    const { mount } = this.engine;
    if (this.#serveClient && isBelow(url.pathname, mount)) {
      const file = restBelow(url.pathname, mount);
      if (isClientFile(file) && isReading(request))
        return this.#clientFile(file, request, url);
    }
    if (this.engine.mountOf(url) !== undefined)
      return this.engine.answer(request, url, visit);
    return (
      (await this.#staticFile(request, url)) ??
      this.#otherAnswer(request, context)
    );
  }

  #clientFile(file: string, request: Request, url: URL): Promise<Response> {
    return new Promise((resolve, reject) => {
      const incoming = incomingOf(request, url, "");
      const response = new Outgoing(resolve).asResponse;
      this.engine.admission.applyCors(incoming, response, () => {
        answerWithClientFile(file, incoming, response).catch(reject);
      });
    });
  }

  async #staticFile(request: Request, url: URL): Promise<Response | undefined> {
    const found = this.#shelf?.find(request.method, url.pathname);
    if (found === undefined) return undefined;
    const answer = await this.#shelf?.answer(found, {
      method: request.method,
      headers: Object.fromEntries(request.headers),
    });
    if (answer === undefined) return undefined;
    const { status, headers, body } = answer;
    return new Response(body === undefined ? null : toWeb(body), {
      status,
      headers,
    });
  }

  async #otherAnswer(
    request: Request,
    context: readonly unknown[],
  ): Promise<Response> {
    if (this.#other === undefined)
      return new Response("Not Found\n", {
        status: 404,
        headers: { "Content-Type": "text/plain; charset=utf-8" },
      });
    return this.#other.fetch(request, ...context);
  }
}

function isReading({ method }: Request): boolean {
  return method === "GET" || method === "HEAD";
}
