/** What is said over `xhr-multipart`: an answer that never ends, in parts, and POSTs. Only servers of 0.6 have it. */
import { next, several } from "../rig.js";
import type { ServerEnd } from "../peers/peer.js";
import type { Line } from "./line.js";
import { HOST, type Talk } from "./talk.js";
import type { Told } from "./suite.js";

const PART = "--socketio\n";

/** The parts of an answer, in chunks or bare: that is HTTP's matter. */
class Parts {
  #text = "";

  constructor(
    readonly line: Line,
    private readonly chunked: boolean,
  ) {}

  async next(): Promise<string> {
    if (!this.chunked) return this.line.until(PART);
    while (!this.#text.includes(PART)) this.#text += await this.#chunk();
    const end = this.#text.indexOf(PART) + PART.length;
    const part = this.#text.slice(0, end);
    this.#text = this.#text.slice(end);
    return part;
  }

  async #chunk(): Promise<string> {
    const size = parseInt(await this.line.until("\r\n"), 16);
    const chunk = await this.line.bytes(size + 2);
    return chunk.slice(0, -2);
  }
}

async function open(talk: Talk): Promise<[ServerEnd, Parts]> {
  const line = talk.line();
  const [end, parts] = await talk.meet(async () => {
    await line.write(
      `GET /socket.io/xhr-multipart/ HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`,
    );
    const head = await line.until("\r\n\r\n");
    talk.note("status", head.slice(0, head.indexOf("\r\n")));
    talk.note("type", /^content-type: (.*)$/im.exec(head)?.[1] ?? "none");
    return new Parts(line, /^transfer-encoding: chunked/im.test(head));
  });
  talk.note("boundary", await parts.next());
  talk.note("greeting", await parts.next());
  return [end, parts];
}

export const MULTIPART: Readonly<Record<string, Told>> = {
  handshake: async (talk) => {
    await open(talk);
  },
  down: async (talk) => {
    const [end, parts] = await open(talk);
    for (const [index, text] of ["text, é € 😀", "</script>/x", ""].entries()) {
      end.send(text);
      talk.note(`part ${index}`, await parts.next());
    }
    end.json({ a: ["é", 1, null] });
    talk.note("JSON", await parts.next());
  },
  up: async (talk) => {
    const [end] = await open(talk);
    const heard = several(end, "message", 3);
    for (const words of [
      talk.words("é € 😀") + talk.words("two"),
      talk.json({ a: 1 }),
    ])
      await talk.ask(talk.path("xhr-multipart", "send"), talk.form(words));
    await heard;
  },
  heartbeat: async (talk) => {
    const [end, parts] = await open(talk);
    for (let beat = 1; beat <= 3; beat++) {
      talk.note("beat", await parts.next());
      await talk.ask(
        talk.path("xhr-multipart", "send"),
        talk.form(talk.words(`~h~${beat}`)),
      );
    }
    const heard = next(end, "message");
    await talk.ask(
      talk.path("xhr-multipart", "send"),
      talk.form(talk.words("still here")),
    );
    await heard;
  },
  "no heartbeat": async (talk) => {
    const [end, parts] = await open(talk);
    const gone = next(end, "disconnect");
    talk.note("beat", await parts.next());
    await gone;
  },
  "server ends": async (talk) => {
    const [end, parts] = await open(talk);
    const gone = next(end, "disconnect");
    end.send("last words");
    talk.note("part", await parts.next());
    end.disconnect();
    await gone;
    await parts.line.rest();
  },
  "client is lost": async (talk) => {
    const [end, parts] = await open(talk);
    const gone = next(end, "disconnect");
    parts.line.destroy();
    await gone;
  },
};
