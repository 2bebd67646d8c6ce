/** Polling with Node's `http` and `https`, which know agents, TLS options and headers of every name. */
import {
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
} from "node:http";
import { request as httpsRequest } from "node:https";
import type { Unit } from "../../dialects/packet.js";
import { contentType, isBytes } from "../fetch.js";
import { Polling, type Answer } from "../polling.js";
import { pick } from "./pick.js";

export class NodeXHR extends Polling {
  private readonly _requests = new Set<ClientRequest>();

  protected _request(body: Unit | undefined, answer: Answer): void {
    const { opts } = this;
    const verb = body === undefined ? "poll" : "post";
    const cookie = opts.cookieJar?.header();
    const request = (opts.secure ? httpsRequest : httpRequest)(
      this._address(),
      {
        method: body === undefined ? "GET" : "POST",
        headers: {
          accept: "*/*",
          ...opts.extraHeaders,
          ...(cookie && { cookie }),
          ...(body !== undefined && {
            "content-type": contentType(body),
            "content-length": Buffer.byteLength(body),
          }),
        },
        ...pick(opts, OPTIONS),
      },
    );
    const fail = (description: unknown, context?: unknown) => {
      if (this._requests.delete(request))
        this._fail(`xhr ${verb} error`, description, context);
    };
    request.on("error", (error) => fail(error));
    request.on("response", (response) => {
      opts.cookieJar?.store(response.headers["set-cookie"] ?? []);
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("aborted", () => fail(0, context(response, "")));
      response.on("end", () => {
        const bytes = Buffer.concat(chunks);
        const frame = isBytes(response.headers["content-type"])
          ? bytes
          : bytes.toString();
        if (response.statusCode !== 200)
          return fail(response.statusCode, context(response, frame));
        if (this._requests.delete(request)) answer(frame);
      });
    });
    if (opts.autoUnref) request.on("socket", (socket) => socket.unref());
    if (opts.requestTimeout) {
      request.setTimeout(opts.requestTimeout, () =>
        request.destroy(new Error("timeout")),
      );
    }
    this._requests.add(request);
    request.end(body);
  }

  protected _abort(): void {
    const requests = [...this._requests];
    this._requests.clear();
    for (const request of requests) request.destroy();
  }
}

/** What users know from `XMLHttpRequest`. */
function context(
  { statusCode, statusMessage, headers }: IncomingMessage,
  body: Unit,
) {
  return {
    status: statusCode,
    statusText: statusMessage,
    headers,
    responseText: body,
  };
}

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
