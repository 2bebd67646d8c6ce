/** Polling with `XMLHttpRequest`. */
import type { Unit } from "../dialects/packet.js";
import { contentType, isBytes } from "./fetch.js";
import { Polling, type Answer } from "./polling.js";

export class XHR extends Polling {
  private _requests = new Set<XMLHttpRequest>();

  protected _request(body: Unit | undefined, answer: Answer): void {
    const { extraHeaders = {}, withCredentials, requestTimeout } = this.opts;
    const verb = body === undefined ? "poll" : "post";
    const xhr = new XMLHttpRequest();
    xhr.open(body === undefined ? "GET" : "POST", this._address());
    for (const name in extraHeaders)
      xhr.setRequestHeader(name, extraHeaders[name]!);
    if (body !== undefined)
      xhr.setRequestHeader("content-type", contentType(body));
    xhr.responseType = "arraybuffer";
    xhr.withCredentials = !!withCredentials;
    xhr.timeout = requestTimeout ?? 0;
    xhr.onloadend = () => {
      if (!this._requests.delete(xhr)) return;
      if (xhr.status !== 200)
        return this._fail(`xhr ${verb} error`, xhr.status, xhr);
      const bytes = new Uint8Array(xhr.response as ArrayBuffer);
      answer(
        isBytes(xhr.getResponseHeader("content-type"))
          ? bytes
          : new TextDecoder().decode(bytes),
      );
    };
    this._requests.add(xhr);
    xhr.send(body as XMLHttpRequestBodyInit);
  }

  protected _abort(): void {
    const requests = [...this._requests];
    this._requests.clear();
    for (const xhr of requests) xhr.abort();
  }
}
