/** A contract against values, with the validators that people use. */
import { type } from "arktype";
import * as v from "valibot";
import { describe, expect, expectTypeOf, test } from "vitest";
import { z } from "zod";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { Checks, ValidationError } from "../../src/contract/check.js";
import {
  contract,
  isAckFailure,
  type ClientEmits,
  type ClientListens,
  type ServerEmits,
  type ServerListens,
  type Validator,
} from "../../src/contract/index.js";

const libraries = {
  zod: z.object({ user: z.object({ age: z.number() }) }),
  valibot: v.object({ user: v.object({ age: v.number() }) }),
  arktype: type({ user: { age: "number" } }),
};

describe.each(Object.entries(libraries))("%s", (_, validator) => {
  const checks = new Checks(
    contract({ toServer: { save: validator } }).toServer,
  );

  test("lets through what fits", () => {
    expect(checks.args("save", [{ user: { age: 3 } }])).toEqual([
      { user: { age: 3 } },
    ]);
  });

  test("says where a value does not fit", () => {
    const refused = checks.args("save", [{ user: { age: "old" } }]);
    expect(refused).toBeInstanceOf(ValidationError);
    expect(refused).toMatchObject({
      event: "save",
      issues: [{ argument: 0, path: ["user", "age"] }],
    });
    expect(refused).toHaveProperty(
      "message",
      expect.stringMatching(
        /^"save" was refused: argument 1, user\.age: .*number/,
      ),
    );
  });
});

const chat = contract({
  toServer: {
    say: {
      args: [z.string(), z.number().default(1)],
      ack: z.object({ id: z.number() }),
    },
    ping: {},
    when: z.string().transform((text) => new Date(text)),
    slow: z.string().refine((text) => Promise.resolve(text !== "bad")),
  },
  toClient: {
    news: [z.string(), z.boolean()],
    ask: { args: z.string(), ack: z.boolean() },
  },
});
const checks = new Checks(chat.toServer);

test("what a validator makes of a value is what comes out", () => {
  expect(checks.args("say", ["hi"])).toEqual(["hi", 1]);
  expect(checks.args("when", ["2020-01-01"])).toEqual([new Date("2020-01-01")]);
});

test("an event of no arguments takes none", () => {
  expect(checks.args("ping", [])).toEqual([]);
  expect(checks.args("ping", [1])).toHaveProperty(
    "message",
    '"ping" was refused: argument 1: expected 0 in all, but there are 1',
  );
});

test("only a validator that waits makes us wait", async () => {
  const checked = checks.args("slow", ["good"]);
  expect(checked).toBeInstanceOf(Promise);
  expect(await checked).toEqual(["good"]);
  expect(await checks.args("slow", ["bad"])).toBeInstanceOf(ValidationError);
});

test("an event that the contract does not have is refused", () => {
  expect(checks.args("toString", [])).toMatchObject({
    known: false,
    message:
      '"toString" was refused: argument 1: the contract has no such event',
  });
});

test("answers are checked where the contract describes them", () => {
  expect(checks.ack("say", [{ id: 1 }])).toEqual([{ id: 1 }]);
  expect(checks.ack("say", [])).toBeInstanceOf(ValidationError);
  expect(checks.ack("when", ["anything"])).toEqual(["anything"]);
});

test("a refusal is known by its shape", () => {
  const refused = checks.args("ping", [1]);
  if (!(refused instanceof ValidationError)) throw new Error("not refused");
  expect(isAckFailure(JSON.parse(JSON.stringify(refused.answer)))).toBe(true);
  for (const other of [undefined, null, "no", {}, { error: "no" }])
    expect(isAckFailure(other)).toBe(false);
});

test("something else than a validator is said at once", () => {
  expect(() =>
    contract({ toClient: { news: "string" as unknown as Validator } }),
  ).toThrow(
    'contract: toClient["news"] is described by something else than validators',
  );
});

test("types: what is sent is the input, what arrives the output", () => {
  type C = typeof chat;
  expectTypeOf<StandardSchemaV1<string, Date>>().toExtend<
    Validator<string, Date>
  >();
  expectTypeOf<ServerListens<C>["when"]>().parameters.toEqualTypeOf<[Date]>();
  expectTypeOf<ClientEmits<C>["when"]>().parameters.toEqualTypeOf<[string]>();
  expectTypeOf<ClientEmits<C>["say"]>().parameters.toEqualTypeOf<
    [string, number | undefined, (answer: { id: number }) => void]
  >();
  expectTypeOf<ServerListens<C>["say"]>().parameters.toEqualTypeOf<
    [string, number, (answer: { id: number }) => void]
  >();
  expectTypeOf<ServerEmits<C>["news"]>().parameters.toEqualTypeOf<
    [string, boolean]
  >();
  expectTypeOf<ClientListens<C>["ask"]>().parameters.toEqualTypeOf<
    [string, (answer: boolean) => void]
  >();
  expectTypeOf<ClientEmits<C>["ping"]>().parameters.toEqualTypeOf<[]>();
  expectTypeOf<keyof ClientEmits<C>>().toEqualTypeOf<keyof C["toServer"]>();
});
