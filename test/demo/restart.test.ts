/** What the demo keeps when the server stops or a connection is lost. */
import { randomUUID } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { afterEach, describe, expect, test } from "vitest";
import type { Message, Person } from "../../examples/chat/types.js";
import {
  closeAll,
  connect,
  enter,
  fetchFile,
  folder,
  granted,
  guest,
  happened,
  PNG,
  say,
  start,
  texts,
} from "./program.js";

afterEach(closeAll);

describe("a restart", () => {
  test("loses nothing and shows nothing twice", async () => {
    const data = await folder();
    const first = await start(data);
    const ada = await guest(first.url, "Ada");
    const id = randomUUID();
    const before = await say(ada, "before", { id });
    await say(ada, "picture", { file: { name: "p.png", data: PNG } });
    const lost = happened(ada, "disconnect");
    expect(await first.stop()).toBe(0);
    await lost;

    const back = happened(ada, "connect");
    await start(data, first.port);
    await back;
    const joined = await enter(ada, "Ada");
    expect(joined.ok && texts(joined.history)).toEqual(["before", "picture"]);
    // The answer was lost, says the page, and sends again what has arrived.
    expect(await say(ada, "before", { id })).toEqual(before);
    await say(ada, "after");
    const late = await connect(first.url);
    const { history } = await granted(enter(late, "Late"));
    expect(texts(history)).toEqual(["before", "picture", "after"]);
    expect(new Set(history.map(({ seq }) => seq)).size).toBe(3);
    const picture = await fetchFile(late, history[1]?.id ?? "");
    expect(PNG.equals(picture)).toBe(true);
  });

  test("after a kill finds everything that was answered", async () => {
    const data = await folder();
    const first = await start(data);
    const ada = await guest(first.url, "Ada");
    for (let number = 0; number < 10; number += 1)
      await say(ada, String(number));
    await first.stop("SIGKILL");
    const { url } = await start(data);
    const joined = await enter(await connect(url), "Ada");
    expect(joined.ok && texts(joined.history).join("")).toBe("0123456789");
  });

  test("with a broken file starts without it", async () => {
    const data = await folder();
    const first = await start(data);
    await say(await guest(first.url, "Ada"), "hello");
    await first.stop();
    await writeFile(`${data}/room-lobby.json`, '{"room":"lobby","mess');
    const { url, output } = await start(data);
    const joined = await enter(await connect(url), "Ada");
    expect(joined.ok && joined.history).toEqual([]);
    expect(output()).toContain("room-lobby.json could not be read");
  });
});

test("a lost connection is recovered: in its rooms, with what it missed", async () => {
  const { url } = await start(await folder());
  const ada = await guest(url, "Ada");
  const grace = await guest(url, "Grace");
  const first = happened(ada, "message");
  await say(grace, "one");
  await first;

  const gone = happened<{ people: Person[] }>(
    grace,
    "people",
    ({ people }) => people.length === 1,
  );
  ada.io.reconnectionDelay(1500);
  ada.io.engine.close();
  await gone;
  const missed = happened<Message>(ada, "message");
  const back = happened<{ people: Person[] }>(
    grace,
    "people",
    ({ people }) => people.length === 2,
  );
  await say(grace, "two");
  ada.connect();
  expect(await missed).toMatchObject({ text: "two" });
  expect(ada.recovered).toBe(true);
  expect((await back).people.map(({ name }) => name)).toContain("Ada");
  expect(await say(ada, "three")).toMatchObject({ ok: true });
});
