import { describe, expect, it } from "vitest";
import {
  decodeQuery,
  encodeQuery,
  parseAddress,
} from "../../src/client/url.js";

const page = {
  protocol: "https:",
  host: "page.org:8443",
  hostname: "page.org",
  port: "8443",
};

describe("addresses", () => {
  it.each([
    ["http://localhost", "http://localhost:80", "/", ""],
    [
      "http://localhost:3000/chat?a=b&c",
      "http://localhost:3000",
      "/chat",
      "a=b&c",
    ],
    ["https://example.org", "https://example.org:443", "/", ""],
    ["ws://example.org:80", "ws://example.org:80", "/", ""],
    ["wss://example.org/x", "wss://example.org:443", "/x", ""],
    ["http://user:secret@example.org/x", "http://example.org:80", "/x", ""],
    ["http://[::1]:3000/x", "http://[::1]:3000", "/x", ""],
    [
      "http://example.org/ünïcode#anchor",
      "http://example.org:80",
      "/ünïcode",
      "",
    ],
    ["example.org:3000/x", "https://example.org:3000", "/x", ""],
  ])("%s", (uri, origin, path, query) => {
    expect(parseAddress(uri)).toMatchObject({ origin, path, query });
  });

  it("takes what is missing from the page", () => {
    expect(parseAddress(undefined, page)).toMatchObject({
      origin: "https://page.org:8443",
      path: "/",
    });
    expect(parseAddress("/chat", page)).toMatchObject({
      origin: "https://page.org:8443",
      path: "/chat",
    });
    expect(parseAddress("//other.org/chat", page)).toMatchObject({
      origin: "https://other.org:443",
      path: "/chat",
    });
    expect(parseAddress("other.org", page)).toMatchObject({
      origin: "https://other.org:443",
    });
  });

  it("keeps the brackets of IPv6", () => {
    expect(parseAddress("http://[::1]:3000").host).toBe("[::1]");
  });

  it.each([undefined, "/chat", "ftp://example.org"])(
    "refuses %s without a page",
    (uri) => {
      expect(() => parseAddress(uri)).toThrow(/address/);
    },
  );
});

describe("queries", () => {
  it("survives the round trip", () => {
    const query = { a: "1", "b c": "x=y&z", ü: "€", empty: "" };
    expect(decodeQuery(encodeQuery(query))).toEqual(query);
  });

  it("writes values as text", () => {
    expect(encodeQuery({ n: 1, t: true })).toBe("n=1&t=true");
    expect(encodeQuery({})).toBe("");
  });
});
