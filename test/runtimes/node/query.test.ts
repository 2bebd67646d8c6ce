/** The quick way through a query says what the standard's parser says. */
import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { withQuery } from "../../../src/runtimes/node/query.js";

function read(query: string): object {
  const request = new IncomingMessage(new Socket());
  request.url = `/socket.io/?${query}`;
  return withQuery(request)._query;
}

const standard = (query: string) =>
  Object.fromEntries(new URLSearchParams(query));

test.each([
  "EIO=4&transport=polling&sid=lv_VI97HAXpY6yYWAAAC&t=P1k.2-_",
  "",
  "&",
  "a",
  "a=",
  "=a",
  "a=b=c",
  "a=1&a=2",
  "&&a=1&",
  "__proto__=1&a=2",
  "a&__proto__",
  "constructor=1",
  "a+b=c%20d",
])("%j", (query) => {
  expect(read(query)).toStrictEqual(standard(query));
});

test("whatever it is made of", () => {
  const query = fc
    .array(fc.constantFrom("a", "b", "=", "&", "-", "_", ".", "%", "+", "4"))
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(query, (text) => {
      expect(read(text)).toStrictEqual(standard(text));
    }),
  );
});
