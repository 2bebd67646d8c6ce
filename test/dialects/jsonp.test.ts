import { describe, expect, test } from "vitest";
import { jsonpBody, jsonpPayload } from "../../src/dialects/jsonp.js";

test("the answer calls the client's callback", () => {
  expect(jsonpBody("3", '2:40"\n')).toBe('___eio[3]("2:40\\"\\n");');
});

test("line separators of JavaScript are escaped", () => {
  expect(jsonpBody("0", "\u2028\u2029")).toBe('___eio[0]("\\u2028\\u2029");');
});

describe("the form of a POST", () => {
  /** What engine.io-client 3.5 puts into the form's field. */
  const field = (payload: string) =>
    payload.replace(/\\n/g, "\\\n").replace(/\n/g, "\\n");

  test.each([
    ["text", '13:42["hello",1]'],
    ["a line feed", "a\nb"],
    ["an escaped line feed", '42["a\\nb"]'],
    ["both", "\\n\n\\\\n\n\n"],
    ["plus, percent, ampersand", "a+b%20&d=c"],
    ["unicode", "€😀é"],
  ])("%s", (_, payload) => {
    const form = new URLSearchParams({ d: field(payload) }).toString();
    expect(jsonpPayload(form)).toBe(payload);
  });

  test.each([
    ["no field", "x=1", ""],
    ["nothing", "", ""],
    ["not the first field", "x=1&d=2:40", "2:40"],
    ["another field that ends so", "id=1&d=2", "2"],
    ["broken escapes stay", "d=%zz%", "%zz%"],
  ])("%s", (_, form, payload) => {
    expect(jsonpPayload(form)).toBe(payload);
  });
});
