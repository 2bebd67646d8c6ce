/** The manager's numbers in every kind of value, with the reference beside it. */
import { Manager as Reference } from "socket.io-client";
import { describe, expect, test } from "vitest";
import { io, Manager } from "../../src/client/index.js";
import { Manager as InPages } from "../../src/client/browser.js";

const NUMBERS = [
  "reconnectionAttempts",
  "reconnectionDelay",
  "reconnectionDelayMax",
  "randomizationFactor",
  "timeout",
] as const;

const VALUES = [undefined, null, false, "", 0, "5", "0.5", 7, Infinity];
const WRONG = ["1s", "x", {}, [1, 2], NaN + "", -1, true];
/** No time at all to connect, where the reference's attempts all fail. */
const NO_TIME = ["", 0];

const read = (manager: Reference | Manager, name: (typeof NUMBERS)[number]) => {
  const value = manager[name]();
  // `false` is no limit; a text of a number means it.
  return typeof value === "boolean" ? value : Number(value);
};

const make = (Kind: typeof Manager | typeof Reference, options: object) => {
  const Constructor: new (...args: never[]) => unknown = Kind;
  const all = ["http://127.0.0.1:1", { autoConnect: false, ...options }];
  return Reflect.construct(Constructor, all) as Manager;
};

describe.each(NUMBERS)("%s", (name) => {
  const [taken, wrong] =
    name === "timeout"
      ? [VALUES.filter((value) => !NO_TIME.includes(value as "")), NO_TIME]
      : [VALUES, []];

  test.each(taken)("%j means what it means there", (value) => {
    const theirs = read(make(Reference, { [name]: value }), name);
    expect(read(make(Manager, { [name]: value }), name)).toBe(theirs);
  });

  test.each([...WRONG, ...wrong])("%j is one sentence", (value) => {
    expect(() => make(Manager, { [name]: value })).toThrow(
      new RegExp(`^${name} must be a number[^\n]*, but it is [^\n]*$`),
    );
  });

  test.each(WRONG)("%j is no attempt after the other in a page", (value) => {
    const manager = make(InPages, { [name]: value });
    const { _backoff } = manager as unknown as {
      _backoff: { duration(): number };
    };
    for (let i = 0; i < 5; i++)
      expect(_backoff.duration()).toBeGreaterThanOrEqual(0);
    expect(_backoff.duration()).not.toBeNaN();
  });
});

describe("lists", () => {
  test.each(["websocket", { websocket: true }, 5])(
    "transports: %j",
    (transports) => {
      expect(() => io("http://x", { transports } as never)).toThrow(
        'transports must be a list such as ["websocket"], but it is',
      );
      expect(() =>
        make(Reference, { transports, autoConnect: true }),
      ).toThrow();
    },
  );

  test("both ways to say it", () => {
    const both = { transports: ["polling"], transportImplementations: [] };
    expect(() => make(Manager, both)).toThrow(/not both/);
  });

  test("a transport that there is not", () => {
    expect(() =>
      make(Manager, { transports: ["websockets"], autoConnect: true }),
    ).toThrow('no transport "websockets"; there is polling, websocket');
  });
});
