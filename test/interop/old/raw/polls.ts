/** Long polls where something is out of the ordinary: what the client gets, and what becomes of its session. */
import { next, several, within } from "../rig.js";
import type { ServerEnd } from "../peers/peer.js";
import type { Told } from "./suite.js";
import type { Answer, Held, Talk } from "./talk.js";

const POLLS = "xhr-polling";

let stamps = 0;
/** The address of the next poll: never the same, so that nothing on the way keeps its answer. */
const poll = (talk: Talk): string =>
  talk.plain
    ? talk.path(POLLS, `${++stamps}`)
    : `${talk.path(POLLS)}?t=${++stamps}`;

const post = (talk: Talk): string => talk.path(POLLS, "send");

/** A session whose first poll has been answered. */
async function open(talk: Talk): Promise<ServerEnd> {
  await talk.greet();
  const path = talk.plain ? `/socket.io/${POLLS}//1` : poll(talk);
  const [end, answer] = await talk.meet(() =>
    within(talk.send(path).answer, "the first poll"),
  );
  talk.noteAnswer("GET", answer);
  return end;
}

async function answered(talk: Talk, held: Held): Promise<Answer> {
  const answer = await within(held.answer, "a poll");
  talk.noteAnswer("GET", answer);
  return answer;
}

/** With times that let a client wait. */
export const PATIENT: Readonly<Record<string, Told>> = {
  polls: async (talk) => {
    const end = await open(talk);
    const held = talk.send(poll(talk));
    const heard = next(end, "message");
    await talk.ask(post(talk), talk.form(talk.words("é € 😀")));
    await heard;
    end.send("é € 😀");
    await answered(talk, held);
    for (const text of ["one", "two"]) end.send(text);
    end.json({ a: 1 });
    await end.transport();
    await talk.ask(poll(talk));
  },

  "between polls": async (talk) => {
    const end = await open(talk);
    end.send("kept");
    // The server has it when it has answered.
    await end.transport();
    await talk.ask(poll(talk));
    const held = talk.send(poll(talk));
    end.send("again");
    await answered(talk, held);
  },

  "two polls": async (talk) => {
    const end = await open(talk);
    const heard = next(end, "message");
    const first = talk.send(poll(talk));
    await talk.ask(post(talk), talk.form(talk.words("first is held")));
    await heard;
    const second = talk.send(poll(talk));
    const heardAgain = next(end, "message");
    await talk.ask(post(talk), talk.form(talk.words("second is held")));
    await heardAgain;
    end.send("for whoever came last");
    await answered(talk, second);
    // What the first gets is not told apart: some servers leave it without an answer for ever.
    first.destroy();
    const third = talk.send(poll(talk));
    end.send("and it goes on");
    await answered(talk, third);
  },

  "two POSTs": async (talk) => {
    const end = await open(talk);
    const heard = several(end, "message", 2);
    const body = talk.form(talk.words("at once"));
    const both = [1, 2].map(() => talk.send(post(talk), body));
    for (const { answer } of both) talk.noteAnswer("POST", await answer);
    await heard;
    end.send("still there");
    await talk.ask(poll(talk));
  },

  "POST after the end": async (talk) => {
    const end = await open(talk);
    const gone = next(end, "disconnect");
    end.disconnect();
    await gone;
    const { status, body } = await within(
      talk.send(post(talk), talk.form(talk.words("too late"))).answer,
      "a POST to nobody",
    );
    talk.note("POST", `${status} ${body}`);
  },

  "server ends": async (talk) => {
    const end = await open(talk);
    const held = talk.send(poll(talk));
    const heard = next(end, "message");
    await talk.ask(post(talk), talk.form(talk.words("a poll is held")));
    await heard;
    const gone = next(end, "disconnect");
    end.disconnect();
    // 0.6 has no call for it, so how is for its driver to say.
    if (talk.plain) await within(held.answer, "the held poll");
    else await answered(talk, held);
    await gone;
    await talk.ask(poll(talk));
  },
};

/** With times that end. */
export const QUICK: Readonly<Record<string, Told>> = {
  /** And no heartbeats in between. */
  "nothing to say": async (talk) => {
    await open(talk);
    for (let polls = 0; polls < 4; polls++) await talk.ask(poll(talk));
  },

  vanishing: async (talk) => {
    const end = await open(talk);
    const gone = next(end, "disconnect");
    await gone;
    await talk.ask(poll(talk));
  },
};
