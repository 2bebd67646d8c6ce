import { describe, expect, test } from "vitest";
import { LINES, type HttpRequest } from "../../src/dialects/dialect.js";
import { dialects } from "../../src/dialects/index.js";

const [eio4, eio3] = dialects.map((make) => make());

function request(query: HttpRequest["query"], path = ""): HttpRequest {
  return { method: "GET", path, query, upgrade: false };
}

/** Which dialect opens. */
function opens(query: HttpRequest["query"], path?: string) {
  return [eio4, eio3].find((d) => d.door?.knock(request(query, path)))?.name;
}

describe("the generation", () => {
  test.each([
    [{ EIO: "4", transport: "polling" }, "eio4"],
    [{ EIO: "3", transport: "polling" }, "eio3"],
    // As the reference has it: whatever is not 4 is 3.
    [{ EIO: "2", transport: "polling" }, "eio3"],
    [{ EIO: "04", transport: "polling" }, "eio3"],
    [{ EIO: "", transport: "polling" }, "eio3"],
    [{ transport: "websocket" }, "eio3"],
    [{ EIO: "4" }, "eio4"],
    [{ EIO: "3" }, "eio3"],
    [{ EIO: ["4", "3"], transport: "polling" }, "eio4"],
    [{ EIO: ["3", "4"], transport: "polling" }, "eio3"],
    [{}, undefined],
    [{ sid: "x" }, undefined],
  ])("%j: %s", (query, name) => {
    expect(opens(query)).toBe(name);
  });

  test.each(["", "/", "/foo", "foo/bar", "/websockets", "/socket.io.js"])(
    "the path may go on: %j",
    (path) => {
      expect(opens({ EIO: "4", transport: "polling" }, path)).toBe("eio4");
    },
  );

  test.each([
    "1/",
    "/1/websocket/123",
    "/0",
    "websocket",
    "/xhr-polling//1234",
    "/jsonp-polling//1/0",
    "/xhr-multipart/",
    "/htmlfile",
    "/flashsocket",
  ])("older generations own the path %j", (path) => {
    expect(opens({ EIO: "4", transport: "polling" }, path)).toBeUndefined();
    expect(opens({ transport: "polling" }, path)).toBeUndefined();
  });
});

describe("what is asked", () => {
  test("a new session", () => {
    expect(
      eio4.door?.knock(request({ EIO: "4", transport: "websocket" })),
    ).toEqual({
      transport: "websocket",
      family: "websocket",
      sid: undefined,
      line: LINES.websocket,
      jsonp: undefined,
    });
  });

  test("an unknown transport is told apart later", () => {
    expect(
      eio4.door?.knock(request({ EIO: "4", transport: "toString" })),
    ).toMatchObject({ transport: "toString" });
    expect(eio4.door?.knock(request({ EIO: "4" }))).toMatchObject({
      transport: "",
    });
  });

  test("of a repeated parameter, the first counts", () => {
    expect(
      eio4.door?.knock(
        request({
          EIO: "4",
          transport: ["polling", "websocket"],
          sid: ["a", "b"],
          j: ["1", "2"],
        }),
      ),
    ).toEqual({
      transport: "polling",
      family: "polling",
      sid: "a",
      line: LINES.pollingText,
      jsonp: "1",
    });
  });

  test.each([
    [eio3, { transport: "polling" }, LINES.polling],
    [eio3, { transport: "polling", b64: "1" }, LINES.pollingText],
    [eio3, { transport: "polling", j: "0" }, LINES.pollingText],
    [eio3, { transport: "websocket" }, LINES.websocket],
    [eio3, { transport: "websocket", b64: "1" }, LINES.websocketText],
    [eio4, { EIO: "4", transport: "polling" }, LINES.pollingText],
    [eio4, { EIO: "4", transport: "websocket", b64: "1" }, LINES.websocketText],
  ])("the line: $name", (dialect, query, line) => {
    expect(dialect.door?.knock(request(query))?.line).toBe(line);
  });

  test("the index of a JSONP callback is made of digits", () => {
    for (const [j, jsonp] of [
      ["12", "12"],
      ["0);alert(1);//", "01"],
      ["", ""],
      ["<script>", ""],
    ])
      expect(
        eio3.door?.knock(request({ transport: "polling", j }))?.jsonp,
      ).toBe(jsonp);
    expect(
      eio3.door?.knock(request({ transport: "websocket", j: "1" }))?.jsonp,
    ).toBeUndefined();
  });
});

describe("a client learns the generation from the first frame", () => {
  test.each([
    ['0{"sid":"a"}', "eio4"],
    ['96:0{"sid":"a"}', "eio3"],
    [Uint8Array.from([0, 9, 6, 255, 0x30, 0x7b, 0x22]), "eio3"],
    ["", undefined],
    ["1::", undefined],
    ['{"code":0,"message":"Transport unknown"}', undefined],
    ["sid:60:60:websocket", undefined],
    ["96:4", undefined],
    [new Uint8Array(), undefined],
    [Uint8Array.from([0, 255]), undefined],
  ])("%j: %s", (frame, name) => {
    expect([eio4, eio3].find((d) => d.recognises(frame))?.name).toBe(name);
  });
});
