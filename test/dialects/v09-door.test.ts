/** The door of 0.7 to 0.9, beside what the old servers answered. */
import { describe, expect, test } from "vitest";
import { LINES } from "../../src/dialects/dialect.js";
import { eio3, eio4, v06, v09 } from "../../src/dialects/index.js";
import { ask, knockAt, load, outcome, readPost, replay } from "./recordings.js";

const dialect = v09();
const { door } = dialect;

describe.each(load("v09").http)(
  "$server: $comment, $method $path",
  (exchange) => {
    const { server = "", does, items, answer } = exchange;
    const now = server === "0.9.19";

    test("is answered alike", () => {
      // The times of 0.9 are new.
      const times = { heartbeatTimeout: 15_000, closeTimeout: 25_000 };
      const ours = replay(v09(now ? {} : times), exchange);
      if (answer === null) {
        expect(ours).toBeUndefined();
        return;
      }
      let body = String(ours?.body);
      // We write `<` in another way; versions before 0.9 wrote slashes in another way.
      if (does === "stream") body = body.replace(/\\u003c/g, "<");
      if (does === "stream" && !now) body = body.replace(/\\\//g, "/");
      expect(body).toBe(answer.body);
      expect(ours?.status).toBe(answer.status);
      // 0.7 and 0.8 said less.
      if (now) expect(ours?.headers["content-type"]).toBe(answer.type);
    });

    if (does !== "post") return;
    test("is understood", () => {
      expect(readPost(dialect, exchange)).toEqual(items);
    });
  },
);

describe("what is asked", () => {
  test.each([
    ["/1/websocket/a", "websocket", "websocket", LINES.websocket],
    ["/1/flashsocket/a", "flashsocket", "websocket", LINES.websocket],
    ["/1/xhr-polling/a", "xhr-polling", "polling", LINES.pollingText],
    ["/1/jsonp-polling/a", "jsonp-polling", "polling", LINES.pollingText],
    ["/1/htmlfile/a", "htmlfile", "polling", LINES.stream],
    ["/1/xhr-multipart/a", "xhr-multipart", "polling", LINES.stream],
    ["/1/toString/a", "toString", "", LINES.pollingText],
    ["//1/xhr-polling/a/", "xhr-polling", "polling", LINES.pollingText],
    ["1/xhr-polling/a", "xhr-polling", "polling", LINES.pollingText],
  ])("%s", (path, transport, family, line) => {
    const knock = knockAt(dialect, path);
    expect(knock).toMatchObject({ transport, family, sid: "a", leave: false });
    expect(knock.line).toBe(line);
    expect(knock.streams ?? false).toBe(line === LINES.stream);
  });

  test("POSTs bring payloads, whatever the transport", () => {
    for (const transport of ["htmlfile", "xhr-multipart", "jsonp-polling"]) {
      const path = `/1/${transport}/a?i=1`;
      const knock = knockAt(dialect, path, { method: "POST" });
      expect(knock.line).toBe(LINES.pollingText);
      expect(knock.streams).toBeUndefined();
      // Their answer is shown in a frame.
      expect(knock.jsonp).toBeUndefined();
    }
  });

  test("leaving, by both forms of the URL", () => {
    for (const path of ["/1/xhr-polling/a/", "/1//a/"])
      expect(knockAt(dialect, path + "?disconnect=1")).toMatchObject({
        sid: "a",
        leave: true,
      });
  });

  test("the index of a callback is made of digits, or it is none", () => {
    const index = (query: string, path = "/1/jsonp-polling/a") =>
      knockAt(dialect, path + query).jsonp;
    expect(index("?i=12")).toBe("12");
    for (const wrong of ["", "?i=", "?i=0);alert(1)//", "?i=1.5", "?i=-1"])
      expect(index(wrong)).toBe("0");
    expect(index("?jsonp=3", "/1/")).toBe("3");
    for (const wrong of ["", "?jsonp=", "?jsonp=0](alert)(["])
      expect(index(wrong, "/1/")).toBeUndefined();
    const query = { i: ["1", "2"] };
    expect(knockAt(dialect, "/1/jsonp-polling/a", { query }).jsonp).toBe("0");
  });

  test("each request has one door", () => {
    const all = [eio4(), eio3(), dialect, v06()];
    for (const [url, name] of [
      ["/?EIO=4&transport=polling", "eio4"],
      ["/?EIO=3&transport=polling", "eio3"],
      ["?transport=websocket", "eio3"],
      ["/1/?EIO=4&transport=polling", "v09"],
      ["/1/websocket/a", "v09"],
      ["/2/", "v09"],
      ["/", "v09"],
      ["", "v09"],
      ["/?t=1", "v09"],
      ["/websocket", "v06"],
      ["/xhr-polling//1?EIO=4", "v06"],
    ])
      expect(
        all.filter(({ door }) => door.knock(ask(url))).map(({ name }) => name),
      ).toEqual([name]);
    for (const url of ["/foo", "/foo/1", "/socket.io.js", "foo/bar?x=1"])
      expect(door.knock(ask(url))).toBeUndefined();
  });
});

describe("transports in a greeting", () => {
  const greet = (transports: string[]) =>
    String(
      door.greet?.(
        { sid: "s", upgrades: [], pingInterval: 1, pingTimeout: 1 },
        transports,
        knockAt(dialect, "/1/"),
      ).body,
    ).replace("s:60:60:", "");

  test.each([
    [["polling", "websocket"], "websocket,htmlfile,xhr-polling,jsonp-polling"],
    [["websocket"], "websocket"],
    [["polling"], "htmlfile,xhr-polling,jsonp-polling"],
    [["xhr-polling", "flashsocket"], "flashsocket,xhr-polling"],
    [["xhr-multipart"], "xhr-multipart"],
    [["webtransport"], ""],
  ])("%j", (transports, names) => {
    expect(greet(transports)).toBe(names);
  });

  test("no time where there is none", () => {
    const { door } = v09({ heartbeatTimeout: Infinity, closeTimeout: 500 });
    const hello = { sid: "s", upgrades: [], pingInterval: 1, pingTimeout: 1 };
    expect(door.greet?.(hello, [], knockAt(dialect, "/1/")).body).toBe(
      "s::0.5:",
    );
  });
});

describe("a body that is posted", () => {
  const post = (path: string, body: string) =>
    outcome(() => readPost(dialect, { path, body }));
  const form = (payload: string) =>
    post("/1/jsonp-polling/a", "d=" + encodeURIComponent(payload));
  const message = (text: string) => [
    { type: "event", nsp: "/", args: ["message", text] },
  ];

  test("as it is", () => {
    for (const transport of ["xhr-polling", "htmlfile", "xhr-multipart"])
      expect(post(`/1/${transport}/a`, "3:::d=é&\r\n+%41")).toEqual(
        message("d=é&\r\n+%41"),
      );
  });

  test("in a form: 0.7 as it is, but for the line breaks of browsers", () => {
    expect(form("3:::a+b&c\r\nd")).toEqual(message("a+b&c\nd"));
    expect(form("\ufffd6\ufffd3:::\r\nx")).toEqual(message("\nx"));
  });

  test("in a form: 0.8 and 0.9 as a JSON string", () => {
    expect(form(JSON.stringify('3:::a\r\n"€"'))).toEqual(message('a\r\n"€"'));
  });

  test.each(['"', '"3:::x', '"3:::x" ""', '"\\x"', "3"])(
    "is refused: %j",
    (field) => {
      expect(form(field)).toBe("engine");
    },
  );

  test("without the field of the form", () => {
    for (const body of ["", "data=3:::x", "3:::x", "dd=3:::x", "xd=3:::x"])
      expect(post("/1/jsonp-polling/a", body)).toBe("engine");
    expect(post("/1/jsonp-polling/a", "x=1&d=3%3A%3A%3Ax&d=y")).toEqual(
      message("x"),
    );
  });
});

test("a WebSocket without a session is told, and then closed", () => {
  const knock = knockAt(dialect, "/1/websocket/gone", { upgrade: true });
  expect(door.refuseStream?.(1, knock)).toBe("7:::1+0");
  expect(door.refuseStream?.(3, knock)).toBeUndefined();
});

test("multipart without a session is told, too", () => {
  const knock = knockAt(dialect, "/1/xhr-multipart/gone");
  expect(door.refuse(1, "", knock)?.body).toBe(
    "--socketio\nContent-Type: text/plain\n\n7:::1+0\n--socketio\n",
  );
});

test("nothing in a payload ends a page's script, or a script's string", () => {
  const stream = door.stream?.(knockAt(dialect, "/1/htmlfile/a"));
  expect(stream?.piece("</script><!--\u2028\u2029")).toBe(
    '<script>_("\\u003c\\/script>\\u003c!--\\u2028\\u2029");</script>',
  );
  const knock = knockAt(dialect, "/1/jsonp-polling/a?i=1");
  expect(door.polled('\u2028\u2029"', knock, false).body).toBe(
    'io.j[1]("\\u2028\\u2029\\"");',
  );
});
