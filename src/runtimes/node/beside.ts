/**
 * What a Node server answers beside the engine: files of the application, and
 * another application.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { AttachOptions } from "../../server/options.js";
import { FileShelf, type Candidate } from "../static-files.js";
import { listenerOf } from "./fetch-app.js";
import type { Taker } from "./take-requests.js";

/**
 * @returns `undefined` if there is nothing
 * @throws {Error} a package that `staticFiles` needs is not installed
 */
export function beside({
  staticFiles,
  otherApp,
}: Pick<AttachOptions, "staticFiles" | "otherApp">): Taker | undefined {
  if (staticFiles === undefined && otherApp === undefined) return undefined;
  const shelf = staticFiles && new FileShelf(staticFiles);
  const other = otherApp && listenerOf(otherApp);
  return (request, response, pass) => {
    const next = other ? () => void other(request, response) : pass;
    const found = shelf?.find(request.method, request.url ?? "");
    if (shelf === undefined || found === undefined) return next();
    send(shelf, found, request, response).then(
      (sent) => {
        if (!sent) next();
      },
      // The client has left, or the file has.
      () => response.destroy(),
    );
  };
}

async function send(
  shelf: FileShelf,
  found: Candidate,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const answer = await shelf.answer(found, request);
  if (answer === undefined) return false;
  response.writeHead(answer.status, answer.headers);
  if (answer.body === undefined) response.end();
  else await pipeline(answer.body, response);
  return true;
}
