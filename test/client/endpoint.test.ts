import { describe, expect, it } from "vitest";
import { endpoint } from "../../src/client/endpoint.js";
import type { EngineOptions } from "../../src/client/options.js";
import { environment } from "../../src/client/node/environment.js";

const of = (uri: string | undefined, options: EngineOptions = {}) =>
  endpoint(uri, options, environment);

describe("where a connection goes", () => {
  it.each<[string | undefined, EngineOptions, string]>([
    ["http://localhost", {}, "://localhost/socket.io/"],
    ["https://localhost", {}, "s://localhost/socket.io/"],
    ["wss://localhost:443", {}, "s://localhost/socket.io/"],
    ["https://localhost:80", {}, "s://localhost:80/socket.io/"],
    ["http://[::1]:3000/chat", {}, "://[::1]:3000/socket.io/"],
    [undefined, { hostname: "::1", port: 3000 }, "://[::1]:3000/socket.io/"],
    [
      undefined,
      { host: "example.org", secure: true },
      "s://example.org/socket.io/",
    ],
    [undefined, {}, "://localhost/socket.io/"],
    ["http://h", { path: "/a/b/" }, "://h/a/b/"],
    ["http://h", { path: "/a", addTrailingSlash: false }, "://h/a"],
  ])("%s %o", (uri, options, base) => {
    expect(of(uri, options).base).toBe(base);
  });

  it("takes the query of the address before that of the options, as the reference does", () => {
    expect(of("http://h?a=1", { query: { b: 2 } }).opts.query).toEqual({
      a: "1",
    });
    expect(of("http://h", { query: { b: 2 } }).opts.query).toEqual({ b: 2 });
    expect(of("http://h", {}).opts.query).toBeUndefined();
  });

  it("leaves the options that it was given alone", () => {
    const options = { query: { a: 1 } };
    of("http://h?b=2", options);
    expect(options).toEqual({ query: { a: 1 } });
  });
});
