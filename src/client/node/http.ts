/** Polling with Node's `http` and `https`, which know agents, TLS options and headers of every name. */
import {
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
} from "node:http";
import { request as httpsRequest } from "node:https";
import { unitOf, type Exchange, type Reply } from "../polling.js";
import { TextXHR } from "../text-xhr.js";
import { pick } from "./pick.js";

const OPTIONS = [
  "agent",
  "pfx",
  "key",
  "passphrase",
  "cert",
  "ca",
  "ciphers",
  "rejectUnauthorized",
];

export class NodeXHR extends TextXHR {
  protected override async _exchange(
    url: string,
    { body, headers, timeout, ...exchange }: Exchange,
  ): Promise<Reply> {
    const { opts } = this;
    const request = (url.startsWith("https:") ? httpsRequest : httpRequest)(
      url,
      {
        ...exchange,
        headers: {
          accept: "*/*",
          ...headers,
          ...(body !== undefined && {
            "content-length": Buffer.byteLength(body),
          }),
        },
        ...pick(opts, OPTIONS),
      },
    );
    if (timeout)
      request.setTimeout(timeout, () => request.destroy(new Error("timeout")));
    if (opts.autoUnref) request.on("socket", (socket) => socket.unref());
    request.end(body);
    const response = await answerTo(request);
    const {
      statusCode: status = 0,
      statusMessage: statusText,
      headers: received,
    } = response;
    opts.cookieJar?.store(received["set-cookie"] ?? []);
    const chunks: Buffer[] = [];
    for await (const chunk of response as AsyncIterable<Buffer>)
      chunks.push(chunk);
    const bytes = Buffer.concat(chunks);
    // What users know from `XMLHttpRequest`.
    const context =
      status === 200
        ? undefined
        : {
            status,
            statusText,
            headers: received,
            responseText: bytes.toString(),
          };
    return { status, body: unitOf(received["content-type"], bytes), context };
  }
}

function answerTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) =>
    request.on("response", resolve).on("error", reject),
  );
}
