/** What is said over WebSockets of the drafts before RFC 6455, and over sockets of Flash, which spoke the same. */
import { next, several, within } from "../rig.js";
import type { Line } from "./line.js";
import { framed, utf8, type Draft, type Talk } from "./talk.js";
import type { ServerEnd } from "../peers/peer.js";

export interface Route {
  readonly transport: "websocket" | "flashsocket";
  readonly draft: Draft;
}

export type Conversation = (talk: Talk, route: Route) => Promise<void>;

/** A connection that has been greeted. */
async function open(
  talk: Talk,
  { transport, draft }: Route,
): Promise<[ServerEnd, Line]> {
  await talk.greet();
  const [end, line] = await talk.meet(() => talk.socket(transport, draft));
  talk.note("greeting", await line.until("\xff"));
  return [end, line];
}

export const FRAMES: Readonly<Record<string, Conversation>> = {
  handshake: async (talk, route) => {
    await open(talk, route);
  },

  /** A proxy may hold the nonce back until it has seen that the server changes protocols. */
  "late nonce": async (talk, { transport, draft }) => {
    await talk.greet();
    const [, line] = await talk.meet(() =>
      talk.socket(transport, draft, "apart"),
    );
    talk.note("greeting", await line.until("\xff"));
  },

  down: async (talk, route) => {
    const [end, line] = await open(talk, route);
    end.send("text, é € 漢字 😀 \0");
    end.json({ a: ["é", 1, null] });
    end.send("");
    for (let frames = 0; frames < 3; frames++)
      talk.note("frame", await line.until("\xff"));
  },

  up: async (talk, route) => {
    const [end, line] = await open(talk, route);
    const heard = several(end, "message", 5);
    const euro = framed(talk.words("é € 😀"));
    await line.write(framed(talk.words("one")) + framed(talk.json({ a: 1 })));
    // In pieces, and through the middle of a character.
    for (const piece of [euro.slice(0, 9), euro.slice(9, 13), euro.slice(13)])
      await line.write(piece);
    await line.write(framed(talk.words("two").repeat(talk.plain ? 2 : 1)));
    if (!talk.plain) await line.write(framed(talk.words("two")));
    await heard;
  },

  heartbeat: async (talk, route) => {
    const [end, line] = await open(talk, route);
    for (let beats = 0; beats < 3; beats++) {
      const beat = await line.until("\xff");
      talk.note("beat", beat);
      await line.write(beat);
    }
    const heard = next(end, "message");
    await line.write(framed(talk.words("still here")));
    await heard;
  },

  "no heartbeat": async (talk, route) => {
    const [end, line] = await open(talk, route);
    const gone = next(end, "disconnect");
    talk.note("beat", await line.until("\xff"));
    await gone;
  },

  "late heartbeat": async (talk, route) => {
    const [end, line] = await open(talk, route);
    const gone = next(end, "disconnect");
    const beat = await line.until("\xff");
    await gone;
    // A server of 0.6 forgets the client, and leaves it a connection that nobody reads.
    if (talk.plain) return;
    await line.write(beat + framed(talk.words("too late")));
    talk.note("rest", withoutCloseFrame(await line.rest()));
  },

  "server ends": async (talk, route) => {
    const [end, line] = await open(talk, route);
    const gone = next(end, "disconnect");
    end.send("last words");
    end.disconnect();
    await gone;
    talk.note("rest", withoutCloseFrame(await line.rest()));
  },

  "client ends": async (talk, route) => {
    const [end, line] = await open(talk, route);
    const gone = next(end, "disconnect");
    await line.write(talk.plain ? "" : framed("0::"));
    if (talk.plain) line.destroy();
    await gone;
  },

  "client is lost": async (talk, route) => {
    const [end, line] = await open(talk, route);
    const gone = next(end, "disconnect");
    line.destroy();
    await gone;
  },
};

/** What 0.6 has no words for. */
export const MORE_FRAMES: Readonly<Record<string, Conversation>> = {
  events: async (talk, route) => {
    const [end, line] = await open(talk, route);
    end.emit("news", "é", { a: 1 });
    end.emit("none");
    talk.note("event", await line.until("\xff"));
    talk.note("event", await line.until("\xff"));
    const asked = next<[unknown]>(end, "said");
    await line.write(framed('5:::{"name":"said","args":["é €"]}'));
    talk.note("said", JSON.stringify((await asked)[0]));
  },

  acks: async (talk, route) => {
    const [end, line] = await open(talk, route);
    end.on("ask", (value: unknown, done: (value: unknown) => void) =>
      done(value),
    );
    await line.write(framed('5:7+::{"name":"ask","args":["é"]}'));
    talk.note("ack", await line.until("\xff"));
    const answered = new Promise<unknown>((resolve) => {
      end.emit("why", (value: unknown) => resolve(value));
    });
    const question = await line.until("\xff");
    talk.note("question", question);
    const [, id] = question.split(":");
    await line.write(framed(`6:::${String(id)}["because"]`));
    talk.note("answer", JSON.stringify(await within(answered, "the answer")));
  },

  receipts: async (talk, route) => {
    const [end, line] = await open(talk, route);
    const heard = several(end, "message", 2);
    await line.write(framed("3:8::text"));
    talk.note("receipt", await line.until("\xff"));
    await line.write(framed('4:9::{"a":1}'));
    talk.note("receipt", await line.until("\xff"));
    await heard;
  },

  namespaces: async (talk, route) => {
    const [, line] = await open(talk, route);
    const joined = next<[ServerEnd]>(talk.server.of("/chat"), "connection");
    await line.write(framed("1::/chat"));
    talk.note("joined", await line.until("\xff"));
    const [end] = await joined;
    const heard = next<[unknown]>(end, "message");
    await line.write(framed(utf8("3::/chat:hello")));
    talk.note("heard in /chat", JSON.stringify((await heard)[0]));
    end.send("welcome");
    talk.note("from /chat", await line.until("\xff"));
    await line.write(framed("1::/deny"));
    talk.note("refused", await line.until("\xff"));
  },
};

/** The drafts have one, which the old servers do not send; some old clients notice nothing else. */
function withoutCloseFrame(bytes: string): string {
  return bytes.endsWith("\xff\0") ? bytes.slice(0, -2) : bytes;
}
