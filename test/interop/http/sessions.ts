/** Rows about requests of a session that polls, in good order and not. */
import { within } from "../rig.js";
import { echo, OCTETS, POLL, post, TEXT, type Row } from "./row.js";
import { seen, type Site } from "./site.js";

export const SESSIONS: readonly Row[] = [
  {
    name: "a second poll ends the session",
    run: async (site) => {
      const path = `${POLL}&sid=${await site.greet()}`;
      const held = await site.begin(path);
      return {
        second: seen(await site.ask(path)),
        held: seen(await held.answer),
        after: seen(await site.ask(path)),
      };
    },
  },
  {
    name: "a second post ends the session",
    run: async (site) => {
      const path = `${POLL}&sid=${await site.greet()}`;
      const first = await site.begin(path, {
        method: "POST",
        headers: { ...TEXT, "Content-Length": "100" },
      });
      const second = seen(await site.ask(path, post("40")));
      await within(first.answer, "the end of the first post");
      return { second, after: seen(await site.ask(path)) };
    },
  },
  {
    name: "a post above maxHttpBufferSize",
    options: { maxHttpBufferSize: 100 },
    run: async (site) => {
      const path = `${POLL}&sid=${await site.greet()}`;
      return {
        large: seen(await site.ask(path, post("4".repeat(101)))),
        after: seen(await site.ask(path, post("40"))),
      };
    },
    better: {
      large: { status: 413, body: "" },
      after: {
        status: 400,
        "content-type": "application/json",
        body: '{"code":1,"message":"Session ID unknown"}',
      },
    },
  },
  {
    name: "a post of exactly maxHttpBufferSize",
    options: { maxHttpBufferSize: 100 },
    run: async (site) => {
      echo(site);
      const path = `${POLL}&sid=${await site.greet()}`;
      await site.ask(path, post("40"));
      const event = `42["echo","${"x".repeat(87)}"]`;
      return [
        Buffer.byteLength(event),
        seen(await site.ask(path, post(event))),
        await polled(site, path, "echo"),
      ];
    },
  },
  {
    name: "binary posts are for EIO3",
    run: async (site) => {
      const path = `${POLL}&sid=${await site.greet()}`;
      return [
        seen(await site.ask(path, post(Buffer.from([4, 1, 2]), OCTETS))),
        seen(await site.ask(path)),
      ];
    },
  },
  {
    name: "what is no packet ends the session",
    run: async (site) => {
      const path = `${POLL}&sid=${await site.greet()}`;
      return [
        seen(await site.ask(path, post("garbage"))),
        seen(await site.ask(path)),
      ];
    },
  },
  {
    name: "the close packet ends the session and the held poll",
    run: async (site) => {
      const path = `${POLL}&sid=${await site.greet()}`;
      const held = await site.begin(path);
      return [
        seen(await site.ask(path, post("1"))),
        seen(await held.answer),
        seen(await site.ask(path)),
      ];
    },
  },
  {
    name: "other methods on a session",
    run: async (site) => {
      const path = `${POLL}&sid=${await site.greet()}`;
      return [
        seen(await site.ask(path, { method: "PUT" })),
        seen(await site.ask(path, { method: "DELETE" })),
        seen(await site.ask(path, post("40"))),
      ];
    },
  },
  {
    name: "the server closes while a poll is held",
    run: async (site) => {
      const path = `${POLL}&sid=${await site.greet()}`;
      await site.ask(path, post("40"));
      const texts = [String((await site.ask(path)).body).slice(0, 2)];
      const held = await site.begin(path);
      site.io.disconnectSockets(true);
      texts.push(...String((await held.answer).body).split("\u001e"));
      if (!texts.includes("1"))
        texts.push(...String((await site.ask(path)).body).split("\u001e"));
      return [texts, seen(await site.ask(path))];
    },
  },
  {
    name: "the server closes between two polls",
    run: async (site) => {
      const path = `${POLL}&sid=${await site.greet()}`;
      await site.ask(path, post("40"));
      await site.ask(path);
      site.io.disconnectSockets(true);
      const texts: string[] = [];
      for (let poll = 0; poll < 3 && !texts.includes("1"); poll++)
        texts.push(...String((await site.ask(path)).body).split("\u001e"));
      return [texts, seen(await site.ask(path))];
    },
  },
];

/** Polls until something contains `words`. */
async function polled(
  site: Site,
  path: string,
  words: string,
): Promise<object> {
  for (;;) {
    const answer = await within(site.ask(path), `a poll with ${words}`);
    if (answer.status !== 200 || String(answer.body).includes(words))
      return seen(answer);
  }
}
