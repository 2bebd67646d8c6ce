/** Polling with `XMLHttpRequest`. */
import { Polling, type Exchange, type Reply } from "./polling.js";

export class XHR extends Polling {
  protected readonly _names = { GET: "xhr poll", POST: "xhr post" };

  protected _exchange(
    url: string,
    { method, headers, body, signal, timeout }: Exchange,
  ): Promise<Reply> {
    return new Promise((resolve) => {
      const xhr = new XMLHttpRequest();
      xhr.open(method, url);
      for (const name in headers) xhr.setRequestHeader(name, headers[name]);
      xhr.timeout = timeout;
      xhr.responseType = "arraybuffer";
      xhr.withCredentials = !!this.opts.withCredentials;
      xhr.onloadend = () =>
        resolve({
          status: xhr.status,
          type: xhr.getResponseHeader("content-type"),
          body: new Uint8Array(xhr.response as ArrayBuffer),
          context: xhr,
        });
      signal.addEventListener("abort", () => xhr.abort());
      xhr.send(body as XMLHttpRequestBodyInit | undefined);
    });
  }
}
