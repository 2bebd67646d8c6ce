/** Files of the application and another application, on a Node server: who gets what, and what nobody gets. */
import { createServer, request, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Server, type ServerOptions } from "../../src/index.js";

let folder: string;
const open: Server[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "omnio-files-"));
  const files = {
    "public/index.html": "<p>index</p>",
    "public/app.js": "app()",
    "public/some file.txt": "some text",
    "public/data.bin": "0123456789",
    "public/.env": "SECRET=1",
    "public/.git/config": "secret",
    "public/docs/index.html": "<p>docs</p>",
    "public/docs/home.html": "<p>home</p>",
    "public-not/secret.txt": "secret",
    "secret.txt": "secret",
  };
  for (const [file, text] of Object.entries(files)) {
    await mkdir(join(folder, file, ".."), { recursive: true });
    await writeFile(join(folder, file), text);
  }
  await symlink("app.js", join(folder, "public/inside.js"));
  await symlink(".env", join(folder, "public/hidden.txt"));
  await symlink("../secret.txt", join(folder, "public/outside.txt"));
  await symlink("../public-not", join(folder, "public/outside"));
});

afterEach(async () => {
  for (const io of open.splice(0)) await io.close();
});

afterAll(() => rm(folder, { recursive: true }));

const at = (file: string) => join(folder, file);

/** A server with the folder as `/static`. */
async function serve(options: ServerOptions = {}): Promise<number> {
  const http = createServer((_request, response) => {
    response.writeHead(404).end("nobody");
  });
  open.push(
    new Server(http, {
      staticFiles: { "/": at("public/index.html"), "/static": at("public") },
      ...options,
    }),
  );
  await new Promise<void>((resolve) => http.listen(0, resolve));
  return (http.address() as AddressInfo).port;
}

interface Answer {
  status: number | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

/** The path goes out as it is. */
function get(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request({ port, path, headers, method }, (response) => {
      let body = "";
      response.on("data", (chunk: Buffer) => (body += String(chunk)));
      response.on("end", () =>
        resolve({
          status: response.statusCode,
          headers: response.headers,
          body,
        }),
      );
    })
      .on("error", reject)
      .end();
  });
}

describe("what is served", () => {
  test.each([
    ["/", "<p>index</p>", "text/html; charset=utf-8"],
    ["/?x=1", "<p>index</p>", "text/html; charset=utf-8"],
    ["/static/app.js", "app()", "text/javascript; charset=utf-8"],
    ["/static/some%20file.txt", "some text", "text/plain; charset=utf-8"],
    ["/static/docs/", "<p>docs</p>", "text/html; charset=utf-8"],
    ["/static/docs/../app.js", "app()", "text/javascript; charset=utf-8"],
    ["/static/inside.js", "app()", "text/javascript; charset=utf-8"],
  ])("%s", async (path, body, type) => {
    const answer = await get(await serve(), path);
    expect(answer).toMatchObject({ status: 200, body });
    expect(
      String(answer.headers["content-type"]).replace(
        "application/javascript",
        "text/javascript",
      ),
    ).toBe(type);
  });

  test("a folder without its slash is where relative links would break", async () => {
    const { status, headers } = await get(await serve(), "/static/docs");
    expect([status, headers.location]).toEqual([301, "/static/docs/"]);
  });

  test("a redirect stays on the host", async () => {
    const port = await serve({ staticFiles: { "//": at("public") } });
    const { headers } = await get(port, "//docs");
    expect(headers.location ?? "/").not.toMatch(/^\/\//);
  });

  test("conditions and ranges", async () => {
    const port = await serve();
    const { headers } = await get(port, "/static/data.bin");
    const { etag = "", "last-modified": modified = "" } = headers;
    expect(headers["cache-control"]).toBe("public, max-age=0");
    for (const [name, value] of [
      ["if-none-match", etag],
      ["if-modified-since", modified],
    ] as const)
      expect(
        await get(port, "/static/data.bin", { [name]: value }),
      ).toMatchObject({
        status: 304,
        body: "",
      });
    const part = await get(port, "/static/data.bin", { range: "bytes=2-4" });
    expect(part).toMatchObject({ status: 206, body: "234" });
    expect(part.headers["content-range"]).toBe("bytes 2-4/10");
    const beyond = await get(port, "/static/data.bin", { range: "bytes=20-" });
    expect(beyond.status).toBe(416);
  });

  test("HEAD has the headers alone", async () => {
    const answer = await get(await serve(), "/static/data.bin", {}, "HEAD");
    expect(answer).toMatchObject({ status: 200, body: "" });
    expect(answer.headers["content-length"]).toBe("10");
  });

  test("a file with its type and time, by URL; the name of a folder's own file", async () => {
    const port = await serve({
      staticFiles: {
        "/app": {
          filename: pathToFileURL(at("public/app.js")),
          contentType: "text/x-app",
          maxAge: 60_000,
        },
        "/docs/": at("public/docs"),
        "": "home.html",
      },
    });
    const { headers, body } = await get(port, "/app");
    expect([body, headers["content-type"], headers["cache-control"]]).toEqual([
      "app()",
      "text/x-app",
      "public, max-age=60",
    ]);
    expect((await get(port, "/docs/")).body).toBe("<p>home</p>");
  });
});

describe("what is not", () => {
  test.each([
    "/static/../secret.txt",
    "/static/%2e%2e/secret.txt",
    "/static/..%2fsecret.txt",
    "/static/..%5csecret.txt",
    "/static/docs/../../secret.txt",
    "/static/.env",
    "/static/%2eenv",
    "/static/.git/config",
    "/static/hidden.txt",
    "/static/outside.txt",
    "/static/outside/secret.txt",
    "/static-not/secret.txt",
    "/static/app.js/",
    "/static/app.js%00.txt",
    "/static/%ff",
    "/static/%",
    "/static/missing",
    "/static/",
    "/staticapp.js",
    "/app.js",
  ])("%s", async (path) => {
    const port = await serve(
      path === "/static/"
        ? { staticFiles: { "/static": at("public-not") } }
        : {},
    );
    const answer = await get(port, path);
    expect(answer).toMatchObject({ status: 404, body: "nobody" });
  });

  test("what is posted", async () => {
    const answer = await get(await serve(), "/static/app.js", {}, "POST");
    expect(answer).toMatchObject({ status: 404, body: "nobody" });
  });
});

describe("another application", () => {
  test("a function of Node's gets the rest, and nothing else", async () => {
    const port = await serve({
      otherApp: (incoming, response) => response.end(`node: ${incoming.url}`),
    });
    expect((await get(port, "/else?x")).body).toBe("node: /else?x");
    expect((await get(port, "/static/missing")).body).toBe(
      "node: /static/missing",
    );
    expect((await get(port, "/static/app.js")).body).toBe("app()");
    expect((await get(port, "/socket.io/")).status).toBe(400);
    expect((await get(port, "/socket.io/socket.io.js")).status).toBe(200);
  });

  test("an object with fetch: method, headers, body, and the answer's cookies", async () => {
    const port = await serve({
      otherApp: {
        async fetch(incoming) {
          const headers = new Headers({ "x-method": incoming.method });
          headers.append("set-cookie", "a=1");
          headers.append("set-cookie", "b=2");
          const text = await incoming.text();
          const path = new URL(incoming.url).pathname;
          return new Response(
            `${path} ${text} ${incoming.headers.get("x-word")}`,
            { status: 201, headers },
          );
        },
      },
    });
    const answer = await fetch(`http://localhost:${port}/else`, {
      method: "POST",
      headers: { "x-word": "yes" },
      body: "body",
    });
    expect(answer.status).toBe(201);
    expect(await answer.text()).toBe("/else body yes");
    expect(answer.headers.get("x-method")).toBe("POST");
    expect(answer.headers.getSetCookie()).toEqual(["a=1", "b=2"]);
  });

  test("one that fails is a 500", async () => {
    const logged: unknown[] = [];
    const { error } = console;
    console.error = (...args: unknown[]) => void logged.push(args[0]);
    try {
      const port = await serve({
        otherApp: { fetch: () => Promise.reject(new Error("as asked")) },
      });
      expect((await get(port, "/else")).status).toBe(500);
    } finally {
      console.error = error;
    }
    expect(logged).toEqual(["omnio: otherApp failed:"]);
  });
});

test.each<[object, RegExp]>([
  [{ staticFiles: "public" }, /staticFiles must be an object such as/],
  [{ staticFiles: { static: "public" } }, /starts with "\/"/],
  [
    { staticFiles: { "/x": { filename: "x", content_type: "y" } } },
    /staticFiles\["\/x"\] must be a path, or \{ filename, contentType/,
  ],
  [{ staticFiles: { "/x": { filename: "x", maxAge: -1 } } }, /maxAge/],
  [{ otherApp: "app" }, /otherApp must be a function/],
])("%o is refused in a sentence", (options, sentence) => {
  expect(() => new Server(options)).toThrow(sentence);
});
