import { describe, expect, it } from "vitest";
import {
  answerHandshake,
  type HandshakeOptions,
  type UpgradeRequest,
} from "../../../src/carriers/websocket/handshake.js";
import { sha1 } from "../../../src/runtimes/node/platform.js";

const HEADERS = {
  host: "server.example.com",
  upgrade: "websocket",
  connection: "Upgrade",
  "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
  "sec-websocket-version": "13",
};

const request = (
  headers: UpgradeRequest["headers"] = {},
  rest: Partial<UpgradeRequest> = {},
) => ({
  method: "GET",
  httpVersion: "1.1",
  headers: { ...HEADERS, ...headers },
  ...rest,
});

const answer = (
  asked: UpgradeRequest,
  options: Partial<HandshakeOptions> = {},
) => answerHandshake(asked, { sha1, ...options });

describe("the opening handshake", () => {
  it("answers the example of RFC 6455, section 1.3", () => {
    expect(answer(request())).toEqual({
      accepted: true,
      protocol: "",
      lines: [
        "HTTP/1.1 101 Switching Protocols",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=",
      ],
    });
  });

  it.each<[string, UpgradeRequest["headers"]]>([
    ["any case", { upgrade: "WebSocket", connection: "upgrade" }],
    ["lists", { upgrade: "h2c, websocket", connection: "keep-alive, Upgrade" }],
    ["headers given as arrays", { connection: ["keep-alive", "Upgrade"] }],
    ["the version before RFC 6455", { "sec-websocket-version": "8" }],
  ])("accepts %s", (_, headers) => {
    expect(answer(request(headers))).toMatchObject({ accepted: true });
  });

  it.each<[string, UpgradeRequest, number, Record<string, string>]>([
    ["another method", request({}, { method: "POST" }), 405, { Allow: "GET" }],
    ["no method", request({}, { method: undefined }), 405, { Allow: "GET" }],
    ["HTTP/1.0", request({}, { httpVersion: "1.0" }), 400, {}],
    [
      "no Upgrade header",
      request({ upgrade: undefined }),
      426,
      { Upgrade: "websocket" },
    ],
    [
      "another Upgrade",
      request({ upgrade: "h2c" }),
      426,
      { Upgrade: "websocket" },
    ],
    [
      "a similar Upgrade",
      request({ upgrade: "websockets" }),
      426,
      { Upgrade: "websocket" },
    ],
    ["no Connection header", request({ connection: "keep-alive" }), 400, {}],
    ["no key", request({ "sec-websocket-key": undefined }), 400, {}],
    ["an empty key", request({ "sec-websocket-key": "" }), 400, {}],
    [
      "a key of 15 bytes",
      request({ "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAA" }),
      400,
      {},
    ],
    [
      "a key of 17 bytes",
      request({ "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAAAAA=" }),
      400,
      {},
    ],
    [
      "a key in base64url",
      request({ "sec-websocket-key": "_-AAAAAAAAAAAAAAAAAAAA==" }),
      400,
      {},
    ],
    [
      "a key with a line break",
      request({ "sec-websocket-key": "AAAAAAAAAAAAAAAAAAAA\r\n==" }),
      400,
      {},
    ],
    [
      "two keys",
      request({
        "sec-websocket-key": `${HEADERS["sec-websocket-key"]}, ${HEADERS["sec-websocket-key"]}`,
      }),
      400,
      {},
    ],
    ...["", "0", "6", "12", "14", "13.0", "0x0d", "13, 8", "1e1"].map(
      (version): [string, UpgradeRequest, number, Record<string, string>] => [
        `version "${version}"`,
        request({ "sec-websocket-version": version }),
        426,
        { "Sec-WebSocket-Version": "13, 8, 7", Upgrade: "websocket" },
      ],
    ),
    [
      "an empty subprotocol",
      request({ "sec-websocket-protocol": "a,,b" }),
      400,
      {},
    ],
    [
      "a subprotocol twice",
      request({ "sec-websocket-protocol": "a, b, a" }),
      400,
      {},
    ],
    [
      "a subprotocol with a space",
      request({ "sec-websocket-protocol": "a b" }),
      400,
      {},
    ],
    [
      "a subprotocol with a line break",
      request({ "sec-websocket-protocol": "a\r\nX: y" }),
      400,
      {},
    ],
  ])("refuses %s", (_, asked, status, headers) => {
    const refused = answer(asked);
    expect(refused).toMatchObject({ accepted: false, status, headers });
    expect(refused).toHaveProperty("message", expect.stringMatching(/\.$/));
  });

  describe("subprotocols", () => {
    const offering = request({
      "sec-websocket-protocol": "chat.v2,chat.v1 , \tplain",
    });

    it("picks none by itself", () => {
      expect(answer(offering)).toMatchObject({ accepted: true, protocol: "" });
    });

    it("offers them in order and takes the one that was picked", () => {
      const seen: string[] = [];
      const result = answer(offering, {
        chooseProtocol(offered) {
          seen.push(...offered);
          return "chat.v1";
        },
      });
      expect(seen).toEqual(["chat.v2", "chat.v1", "plain"]);
      expect(result).toMatchObject({ accepted: true, protocol: "chat.v1" });
      expect(result).toHaveProperty(
        "lines.4",
        "Sec-WebSocket-Protocol: chat.v1",
      );
    });

    it("takes none that was not offered", () => {
      const result = answer(offering, {
        chooseProtocol: () => "x\r\nSet-Cookie: a=b",
      });
      expect(result).toMatchObject({ accepted: true, protocol: "" });
      expect(result).toHaveProperty("lines.length", 4);
    });

    it("does not ask about no offer", () => {
      const chooseProtocol = () => {
        throw new Error("asked");
      };
      expect(answer(request(), { chooseProtocol })).toMatchObject({
        accepted: true,
      });
    });

    // CVE-2021-32640: quadratic in ws. At these sizes anything but linear would
    // run into the test's own time limit.
    it.each([
      ["spaces", " ".repeat(1_000_000)],
      ["spaces after a name", `a${" ".repeat(1_000_000)}b`],
      ["tabs between commas", "a\t,\t".repeat(250_000)],
      ["commas", ",".repeat(1_000_000)],
    ])("reads a megabyte of %s in linear time", (_, value) => {
      expect(
        answer(request({ "sec-websocket-protocol": value })),
      ).toMatchObject({ status: 400 });
    });
  });
});
