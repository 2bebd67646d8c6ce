/**
 * Polling with `XMLHttpRequest`, for servers whose answers are text, as those of
 * Engine.IO 4 are. What answers is text to the request, too, so that whoever
 * hears of a failure finds its `responseText`.
 */
import type { Unit } from "../dialects/packet.js";
import { Polling, type Exchange, type Reply } from "./polling.js";

export class TextXHR extends Polling {
  protected readonly _names = { GET: "xhr poll", POST: "xhr post" };

  protected _exchange(
    url: string,
    { method, headers, body, signal, timeout }: Exchange,
    xhr = new XMLHttpRequest(),
  ): Promise<Reply> {
    return new Promise((resolve) => {
      xhr.open(method, url);
      for (const name in headers) xhr.setRequestHeader(name, headers[name]);
      xhr.timeout = timeout;
      xhr.withCredentials = !!this.opts.withCredentials;
      xhr.onloadend = () =>
        resolve({
          status: xhr.status,
          body: xhr.response as Unit,
          context: xhr,
        });
      signal.addEventListener("abort", () => xhr.abort());
      xhr.send(body as XMLHttpRequestBodyInit | undefined);
    });
  }
}
