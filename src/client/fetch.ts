/** Polling with `fetch`. */
import { Polling, unitOf, type Exchange, type Reply } from "./polling.js";

export class Fetch extends Polling {
  protected readonly _names = { GET: "fetch read", POST: "fetch write" };

  protected async _exchange(
    url: string,
    { body, signal, timeout, ...exchange }: Exchange,
  ): Promise<Reply> {
    const { withCredentials, cookieJar } = this.opts;
    const response = await fetch(url, {
      ...exchange,
      signal: timeout
        ? AbortSignal.any([signal, AbortSignal.timeout(timeout)])
        : signal,
      body: body as BodyInit | undefined,
      credentials: withCredentials ? "include" : "omit",
    });
    cookieJar?.store(response.headers.getSetCookie());
    return {
      status: response.status,
      body: response.ok
        ? unitOf(
            response.headers.get("content-type"),
            new Uint8Array(await response.arrayBuffer()),
          )
        : "",
      context: response,
    };
  }
}
