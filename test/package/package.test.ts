/**
 * The package as npm publishes it, installed into an empty project.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as esbuild from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import { Project, repository, run } from "./project.js";

let project: Project;
let tarball: string;

beforeAll(async () => {
  project = await Project.create({ name: "user", private: true });
  tarball = await project.pack();
  await project.write(
    "package.json",
    JSON.stringify({
      private: true,
      dependencies: { omnio: `file:${tarball}` },
    }),
  );
  await project.install();
  await project.link("@types/node");
}, 300_000);

afterAll(() => project.remove());

/** A server and a client that greet each other, in the words of one module system. */
const conversation = `
const server = new Server(0, { serveClient: false });
server.on("connection", (socket) => {
  socket.on("hello", (name, answer) => answer("hello " + name));
});
const socket = io("http://localhost:" + server.httpServer.address().port);
socket.emit("hello", "world", (answer) => {
  console.log(answer, protocol);
  socket.disconnect();
  server.close();
});
`;

describe("contents", () => {
  test("what users need, and no more", async () => {
    const listed = await run(repository, "tar", ["-tzf", tarball]);
    const files = listed
      .trim()
      .split("\n")
      .map((file) => file.replace(/^package\//, ""));
    expect(files).toEqual(
      expect.arrayContaining([
        "LICENSE",
        "README.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "dist/index.js",
        "dist/bundles/omnio.min.js.map",
      ]),
    );
    const others = files.filter(
      (file) =>
        !/^(dist\/.*\.(js|cjs|d\.ts|d\.cts|map)|dist\/bundles\/package\.json|((client|client\/all|contract|msgpack-parser)\/)?package\.json|LICENSE|[A-Z]+\.md)$/.test(
          file,
        ),
    );
    expect(others).toEqual([]);
  });

  test("at most four dependencies come along, and theirs", async () => {
    const installed = await readdir(join(project.folder, "node_modules"));
    const own = ["omnio", ...Object.keys(packageJson.dependencies)];
    expect(installed).toEqual(expect.arrayContaining(own));
    expect(Object.keys(packageJson.dependencies).length).toBeLessThanOrEqual(4);
  });
});

describe("module systems", () => {
  test("import", async () => {
    await project.write(
      "program.mjs",
      `import { Server, Namespace, Socket } from "omnio";
      import defaultIo, { io, connect, Manager, protocol } from "omnio/client";
      if (io !== defaultIo || io !== connect || !Manager || !Namespace || !Socket) throw new Error("names");
      ${conversation}`,
    );
    expect(await project.node("program.mjs")).toBe("hello world 5\n");
  });

  test("require", async () => {
    await project.write(
      "program.cjs",
      `const { Server } = require("omnio");
      const { io, protocol } = require("omnio/client");
      ${conversation}`,
    );
    expect(await project.node("program.cjs")).toBe("hello world 5\n");
  });

  test("require gives functions that can be called", async () => {
    await project.write(
      "callable.cjs",
      `const server = require("omnio");
      const client = require("omnio/client");
      const io = server();
      console.log(io instanceof server.Server, typeof server.Namespace, typeof server.Socket);
      const socket = client("http://localhost:1", { autoConnect: false });
      console.log(socket instanceof client.Socket, socket.io instanceof client.Manager);
      console.log([client.io, client.connect, client.default].every((f) => f === client), client.protocol);
      `,
    );
    expect(await project.node("callable.cjs")).toBe(
      "true function function\ntrue true\ntrue 5\n",
    );
  });

  test("both at once share nothing that breaks", async () => {
    await project.write(
      "both.mjs",
      `import { createRequire } from "node:module";
      import { Server } from "omnio";
      const { io, protocol } = createRequire(import.meta.url)("omnio/client");
      ${conversation}`,
    );
    expect(await project.node("both.mjs")).toBe("hello world 5\n");
  });

  test("the client files are found from either", async () => {
    const serve = `
      const io = new Server(0);
      const { port } = io.httpServer.address();
      fetch("http://localhost:" + port + "/socket.io/socket.io.min.js")
        .then((response) => response.text())
        .then((text) => { console.log(/^\\/\\*! omnio/.test(text)); return io.close(); });
    `;
    await project.write(
      "serve.mjs",
      `import { Server } from "omnio"; ${serve}`,
    );
    await project.write(
      "serve.cjs",
      `const { Server } = require("omnio"); ${serve}`,
    );
    expect(await project.node("serve.mjs")).toBe("true\n");
    expect(await project.node("serve.cjs")).toBe("true\n");
  });
});

describe("the servers of other runtimes", () => {
  test("are there for both module systems, and say where they belong", async () => {
    await project.write(
      "others.mjs",
      `import { createRequire } from "node:module";
      import * as omnio from "omnio";
      const require = createRequire(import.meta.url);
      for (const name of ["omnio/bun", "omnio/deno", "omnio/fetch"])
        for (const module of [await import(name), require(name)]) {
          const names = (exports) => Object.keys(exports).filter((key) => !["default", "module.exports"].includes(key)).sort().join();
          if (names(module) !== names(omnio)) throw new Error(name + ": " + names(module));
          try {
            new module.Server(0);
          } catch (error) {
            console.log(error.message);
          }
        }
      const { fetch } = new (require("omnio/fetch").Server)().handler();
      const answer = await fetch(new Request("http://localhost/socket.io/?EIO=4&transport=polling"));
      console.log(answer.status, (await answer.text()).slice(0, 8));
      process.exit();`,
    );
    const sentences = [
      'omnio/bun can listen in Bun only: in Node.js, import { Server } from "omnio"',
      'omnio/deno can serve in Deno only: in Node.js, import { Server } from "omnio"',
      "there is nothing to listen with here: pass io.handler().fetch to your server",
    ].flatMap((sentence) => [sentence, sentence]);
    expect(await project.node("others.mjs")).toBe(
      [...sentences, '200 0{"sid":', ""].join("\n"),
    );
  });

  test("files and the Admin UI need packages, which is said", async () => {
    await project.write(
      "optional.mjs",
      `import { createRequire } from "node:module";
      import * as imported from "omnio";
      for (const { Server } of [imported, createRequire(import.meta.url)("omnio")])
        for (const ask of [
          () => new Server({ staticFiles: { "/": "index.html" } }).handler(),
          () => new Server().instrument({ auth: false }),
        ])
          try {
            ask();
            console.log("it did");
          } catch (error) {
            console.log(error.message);
          }
      process.exit();`,
    );
    const sentences = [
      "the option staticFiles needs the package @fastify/send, which is not installed: npm install @fastify/send",
      "io.instrument() needs the package @socket.io/admin-ui, which is not installed: npm install @socket.io/admin-ui",
    ];
    expect(await project.node("optional.mjs")).toBe(
      [...sentences, ...sentences, ""].join("\n"),
    );
  });
});

describe("TypeScript", () => {
  const typed = `
    import { Server, Namespace, type Socket, type ServerOptions, type DefaultEventsMap } from "omnio";
    import { io, Manager, type Socket as ClientSocket, type ManagerOptions } from "omnio/client";
    interface Up { hello: (name: string, answer: (text: string) => void) => void }
    interface Down { news: (text: string) => void }
    const options: Partial<ServerOptions> = { cors: { origin: "*" }, perMessageDeflate: { threshold: 10 } };
    const server = new Server<Up, Down, DefaultEventsMap, { name: string }>(options);
    server.on("connection", (socket: Socket<Up, Down, DefaultEventsMap, { name: string }>) => {
      socket.on("hello", (name, answer) => { socket.data.name = name; answer(name.toUpperCase()); });
      socket.emit("news", "text");
      // @ts-expect-error: no such event
      socket.emit("weather", "rain");
    });
    const of: Namespace<Up, Down, DefaultEventsMap, { name: string }> = server.of("/x");
    const socket: ClientSocket<Down, Up> = io("http://localhost", { reconnection: false });
    socket.emit("hello", "me", (text) => { text.toUpperCase(); });
    // @ts-expect-error: a name is a string
    socket.emit("hello", 1, () => {});
    const settings: Partial<ManagerOptions> = { path: "/x" };
    new Manager("http://localhost", settings);
    export { of };
  `;
  const required = `
    import omnio = require("omnio");
    import client = require("omnio/client");
    const server: omnio.Server = omnio(3000, { path: "/x" });
    const socket: client.Socket = client("http://localhost", { path: "/x" });
    export { server, socket };
  `;

  test.each([
    ["node16", { "typed.mts": typed, "typed.cts": typed, "r.cts": required }],
    ["bundler", { "typed.ts": typed }],
  ])(
    "moduleResolution %s",
    async (resolution, files) => {
      for (const [file, text] of Object.entries(files))
        await project.write(file, text);
      const module = resolution === "bundler" ? "esnext" : resolution;
      const printed = await project.tsc(
        ...["--module", module, "--moduleResolution", resolution],
        ...["--target", "es2022", "--lib", "es2022,dom", "--types", "node"],
        ...["--strict", "--noEmit", ...Object.keys(files)],
      );
      expect(printed).toBe("");
    },
    60_000,
  );
});

describe("a browser's bundler", () => {
  /** A page with this program, as bundlers make it. */
  async function bundle(program: string) {
    await project.write("page.js", program);
    const { metafile, warnings, outputFiles } = await esbuild.build({
      absWorkingDir: project.folder,
      bundle: true,
      entryPoints: ["page.js"],
      format: "esm",
      logLevel: "silent",
      metafile: true,
      minify: true,
      outdir: "out",
      platform: "browser",
      write: false,
    });
    return { metafile, warnings, text: outputFiles[0]?.text ?? "" };
  }

  test.each([
    `import { io } from "omnio/client"; io("/chat").emit("hello");`,
    `import { Client } from "omnio/client"; new Client().connect("https://x");`,
  ])("needs nothing of Node.js for %s", async (program) => {
    const { metafile, warnings, text } = await bundle(program);
    expect(warnings).toEqual([]);
    const inputs = Object.keys(metafile.inputs).filter(
      (file) => !/^(page\.js|node_modules\/omnio\/)/.test(file),
    );
    expect(inputs).toEqual([]);
    expect(text).not.toMatch(/["']node:/);
  });

  test("leaves out what is not used", async () => {
    const io = await bundle(`import { io } from "omnio/client"; io();`);
    const client = await bundle(
      `import { Client } from "omnio/client"; new Client();`,
    );
    const own = /BadNamespaceError|omnio:client/;
    expect(io.text).not.toMatch(own);
    expect(client.text).toMatch(own);
    expect(io.text.length).toBeLessThan(client.text.length * 0.75);
  });
});

describe("the judges of packages", () => {
  test("publint finds nothing", async () => {
    const pkgDir = join(project.folder, "node_modules/omnio");
    const { messages } = await publint({ pkgDir, pack: false, strict: true });
    const manifest = await readFile(join(pkgDir, "package.json"), "utf8");
    const sentences = messages.map((message) =>
      formatMessage(message, JSON.parse(manifest) as Record<string, unknown>),
    );
    expect(sentences).toEqual([]);
  });

  test("are-the-types-wrong finds nothing", async () => {
    const attw = join(
      repository,
      "node_modules/@arethetypeswrong/cli/dist/index.js",
    );
    const printed = await project.node(attw, tarball, "--format", "json");
    const { problems } = JSON.parse(printed) as { problems: unknown };
    expect(problems).toEqual({});
  });
});
