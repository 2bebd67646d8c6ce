/** The requests of a Node server that ask for the client's files. */
import { answerWithClientFile, isClientFile } from "../client-files.js";
import type { NodeEngine } from "./engine.js";
import type { Taker } from "./take-requests.js";

export function clientFiles(engine: NodeEngine): Taker {
  return (request, response, pass) => {
    const { method } = request;
    const asks = method === "GET" || method === "HEAD";
    const name = asks ? engine.below(request) : undefined;
    if (!name || !isClientFile(name)) return pass();
    engine.applyCors(request, response, () => {
      answerWithClientFile(name, request, response).catch(() =>
        response.destroy(),
      );
    });
  };
}
