/** What is kept of a request is all of it, and most of it once for all clients of a program. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { putTogether, Wordings } from "../../../src/runtimes/node/wording.js";

const text = (lines: readonly string[]) => lines.join("\r\n") + "\r\n\r\n";

const head = ({
  url = "/socket.io/?EIO=4&transport=websocket",
  key = "dGhlIHNhbXBsZSBub25jZQ==",
  agent = "phone/1.0",
}) =>
  text([
    `GET ${url} HTTP/1.1`,
    "Host: example.com:80",
    "X-Forwarded-For: 192.0.2.1",
    "X-Empty:",
    "Connection: Upgrade",
    "upgrade: websocket",
    `User-Agent: ${agent}`,
    "Sec-WebSocket-Version: 13",
    `Sec-WebSocket-Key: ${key}`,
    "Accept-Language: en",
  ]);

test("clients of one program differ in what is their own", () => {
  const wordings = new Wordings();
  const one = wordings.split(head({}));
  const key = "x3JJHMbDL1EzLkh9GBhXDw==";
  const two = wordings.split(head({ key }));
  expect(one.alike).toBe(two.alike);
  expect(one.own).toBe("192.0.2.1\n\ndGhlIHNhbXBsZSBub25jZQ==");
  expect(two.own).toBe(`192.0.2.1\n\n${key}`);
  expect(wordings.size).toBe(1);
});

test("a query of the application's is a client's own", () => {
  const wordings = new Wordings();
  const urls = ["?token=a&EIO=4", "?token=b:c&EIO=4"].map(
    (rest) => `/x/${rest}`,
  );
  const [one, two] = urls.map((url) => wordings.split(head({ url })));
  expect(one.alike).toBe(two.alike);
  expect(two.own).toMatch(/^token=b:c&EIO=4 HTTP\/1.1\n/);
  expect(putTogether(two)).toBe(head({ url: urls[1] }));
});

test("so is one with the time of a request, which is another each time", () => {
  const wordings = new Wordings();
  const words = ["a1", "a2"].map((t) =>
    wordings.split(head({ url: `/x/?EIO=4&transport=polling&t=${t}` })),
  );
  expect(words.map(({ own }) => own.split("\n")[0])).toEqual([
    "EIO=4&transport=polling&t=a1 HTTP/1.1",
    "EIO=4&transport=polling&t=a2 HTTP/1.1",
  ]);
  expect(wordings.size).toBe(1);
});

test("so many kinds are known, and no more", () => {
  const wordings = new Wordings();
  for (let i = 0; i < 1000; i++) wordings.split(head({ agent: `phone/${i}` }));
  expect(wordings.size).toBe(64);
});

test("put together it is what it was", () => {
  const name = fc.oneof(
    fc.constantFrom(
      ...["Host", "host", "Accept", "Accept-Encoding", "acceptance"],
      ...["Cookie", "COOKIE", "Sec-WebSocket-Key", "Sec-Fetch-Mode", "Origin"],
      ...["Sec-WebSocket-Version", "Sec-WebSocket-Versions", "get"],
    ),
    fc.stringMatching(/^[!#$%&'*+.^_`|~\w-]{1,5}$/),
  );
  const value = fc.oneof(
    fc.stringMatching(/^[\t -~\xa0-\xff]{0,12}$/),
    fc.constantFrom("", " ", ":", "a: b", "GET /?", "host: a"),
  );
  const line = fc
    .tuple(name, fc.constantFrom(":", ": ", ":  ", ":\t"), value)
    .map((parts) => parts.join(""));
  const url = fc
    .array(
      fc.oneof(
        fc.constantFrom(
          "/",
          "?",
          "&",
          ":",
          "EIO=",
          "EIO=4&transport=",
          "polling",
        ),
        fc.stringMatching(/^[!-~]{1,4}$/),
      ),
    )
    .map((parts) => `/${parts.join("")}`);
  const wordings = new Wordings();
  fc.assert(
    fc.property(url, fc.array(line, { maxLength: 8 }), (path, lines) => {
      const whole = text([`GET ${path} HTTP/1.1`, ...lines]);
      expect(putTogether(wordings.split(whole))).toBe(whole);
    }),
    { numRuns: Number(process.env["OMNIO_FUZZ_RUNS"] ?? 1000) },
  );
});
