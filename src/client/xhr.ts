/** Polling with `XMLHttpRequest`, for servers that may answer with bytes: Engine.IO 3. */
import { OCTETS, type Exchange, type Reply } from "./polling.js";
import { TextXHR } from "./text-xhr.js";

const HEADERS_RECEIVED = 2;

export class XHR extends TextXHR {
  protected override async _exchange(
    url: string,
    exchange: Exchange,
    xhr = new XMLHttpRequest(),
  ): Promise<Reply> {
    // Asked for bytes, it has no text, and what fails is told in text.
    xhr.onreadystatechange = () => {
      if (
        xhr.readyState === HEADERS_RECEIVED &&
        xhr.status === 200 &&
        xhr.getResponseHeader("content-type")?.startsWith(OCTETS)
      )
        xhr.responseType = "arraybuffer";
    };
    const reply = await super._exchange(url, exchange, xhr);
    const body: unknown = reply.body;
    return body instanceof ArrayBuffer
      ? { ...reply, body: new Uint8Array(body) }
      : reply;
  }
}
