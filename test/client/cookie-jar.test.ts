import { describe, expect, it } from "vitest";
import { NodeCookieJar } from "../../src/client/node/cookie-jar.js";

function header(jar: NodeCookieJar): string | undefined {
  const headers: Record<string, string> = {};
  jar.addTo(headers);
  return headers.cookie;
}

describe("cookie jar", () => {
  it("keeps the latest value of each name", () => {
    const jar = new NodeCookieJar();
    expect(header(jar)).toBeUndefined();
    jar.store(["a=1; Path=/; HttpOnly", 'b="two"', "c=x=y"]);
    jar.store(["a=3"]);
    expect(header(jar)).toBe("a=3; b=two; c=x=y");
  });

  it("adds to the cookies that are there", () => {
    const jar = new NodeCookieJar();
    jar.store(["a=1"]);
    const headers = { Cookie: "mine=1" };
    jar.addTo(headers);
    expect(headers).toEqual({ Cookie: "mine=1; a=1" });
  });

  it("ignores what is no cookie", () => {
    const jar = new NodeCookieJar();
    jar.store(["", "nonsense", "=value", " =value"]);
    expect(header(jar)).toBeUndefined();
  });

  it("forgets cookies at their time, whichever way it is written", () => {
    let now = Date.parse("2030-01-01T00:00:00Z");
    const jar = new NodeCookieJar(() => now);
    jar.store([
      "a=1; max-age=10",
      "b=2; Expires=Tue, 01 Jan 2030 00:00:20 GMT",
      "c=3",
      "d=4; Max-Age=5; Expires=Tue, 01 Jan 2030 01:00:00 GMT",
    ]);
    expect(header(jar)).toBe("a=1; b=2; c=3; d=4");
    now += 5_000;
    expect(header(jar)).toBe("a=1; b=2; c=3");
    now += 5_000;
    expect(header(jar)).toBe("b=2; c=3");
    now += 10_000;
    expect(header(jar)).toBe("c=3");
  });

  it.each([
    "Max-Age=0",
    "Max-Age=-1",
    "Max-Age=soon",
    "Expires=Thu, 01 Jan 1970 00:00:00 GMT",
    "expires=whenever",
  ])("deletes at once with %s", (attribute) => {
    const jar = new NodeCookieJar();
    jar.store(["a=1", "b=2"]);
    jar.store([`a=gone; ${attribute}`]);
    expect(header(jar)).toBe("b=2");
  });
});
