/** Polling with `fetch`. */
import type { Unit } from "../dialects/packet.js";
import { Polling, type Answer } from "./polling.js";

export class Fetch extends Polling {
  private _controller = new AbortController();

  protected _request(body: Unit | undefined, answer: Answer): void {
    const { extraHeaders, withCredentials, cookieJar, requestTimeout } =
      this.opts;
    const verb = body === undefined ? "read" : "write";
    const headers = new Headers(extraHeaders);
    const cookies = cookieJar?.header();
    if (cookies) headers.append("cookie", cookies);
    if (body !== undefined) headers.set("content-type", contentType(body));
    const { signal } = this._controller;
    const fail = (description: unknown, context?: unknown) =>
      this._fail(`fetch ${verb} error`, description, context);
    fetch(this._address(), {
      method: body === undefined ? "GET" : "POST",
      body: body as BodyInit,
      headers,
      credentials: withCredentials ? "include" : "omit",
      signal: requestTimeout
        ? AbortSignal.any([signal, AbortSignal.timeout(requestTimeout)])
        : signal,
    })
      .then(
        async (response) => {
          cookieJar?.store(response.headers.getSetCookie());
          if (!response.ok) return () => fail(response.status, response);
          const frame = isBytes(response.headers.get("content-type"))
            ? new Uint8Array(await response.arrayBuffer())
            : await response.text();
          return () => answer(frame);
        },
        (error: unknown) => () => fail(error),
      )
      // Outside of the promise, so that what a listener throws is not taken for a failed request.
      .then((settle) => setTimeout(settle));
  }

  protected _abort(): void {
    this._controller.abort();
  }
}

export function contentType(body: Unit): string {
  return typeof body === "string"
    ? "text/plain;charset=UTF-8"
    : "application/octet-stream";
}

/** Whether an answer of this content type is bytes. */
export function isBytes(type: string | null | undefined): boolean {
  return type?.startsWith("application/octet-stream") ?? false;
}
