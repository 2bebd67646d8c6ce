/**
 * Bundlers of today, with their defaults, on a program that imports the client:
 * each takes the build for pages, never Node's, and what it makes connects.
 */
import { createServer } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Server } from "../../src/index.js";
import { Project, repository } from "./project.js";

const PROGRAM = `
import { io } from "omnio/client";
const socket = io(globalThis.ADDRESS, { transports: ["websocket"] });
socket.on("welcome", (text) => {
  console.log(text);
  socket.disconnect();
});
`;

/** What a page, or React Native, has; and nothing of Node's modules. */
const RUN = `
const { readFileSync } = require("node:fs");
const [file, address] = process.argv.slice(2);
globalThis.ADDRESS = address;
globalThis.window = globalThis;
globalThis.WebSocket = require(${JSON.stringify(`${repository}node_modules/ws`)}).WebSocket;
new Function("require", readFileSync(file, "utf8"))(undefined);
`;

const METRO = `
const Metro = require("metro");
(async () => {
  const config = await Metro.loadConfig(
    {},
    { projectRoot: __dirname, watchFolders: [__dirname], cacheStores: [], reporter: { update() {} } },
  );
  await Metro.runBuild(config, {
    entry: "main.js", out: "metro.js", platform: "ios", minify: true, dev: false,
  });
  process.exit();
})();
`;

const WEBPACK = `
const webpack = require("webpack");
webpack(
  { mode: "production", entry: "./main.js", output: { path: __dirname, filename: "webpack.js" }, performance: false },
  (error, stats) => {
    if (error || stats.hasErrors()) { console.error(error ?? stats.toString()); process.exitCode = 1; }
  },
);
`;

const ESBUILD = `
require("esbuild").buildSync({ entryPoints: ["main.js"], bundle: true, minify: true, outfile: "esbuild.js", logLevel: "warning" });
`;

const VITE = `
import { build } from "vite";
await build({ logLevel: "warn", configFile: false, build: { outDir: ".", emptyOutDir: false, lib: { entry: "main.js", name: "app", formats: ["iife"], fileName: () => "vite.js" } } });
`;

let project: Project;
let io: Server;
let address: string;

beforeAll(async () => {
  project = await Project.create({});
  const tarball = await project.pack();
  await project.write(
    "package.json",
    JSON.stringify({
      private: true,
      dependencies: {
        omnio: `file:${tarball}`,
        "@babel/core": "7.28.4",
        "@react-native/babel-preset": "0.81.4",
        metro: "0.83.3",
        webpack: "5.113.0",
      },
    }),
  );
  await project.install();
  for (const name of ["esbuild", "vite"]) await project.link(name);
  await project.write("main.js", PROGRAM);
  await project.write("run.cjs", RUN);
  await project.write("metro.cjs", METRO);
  await project.write("webpack.cjs", WEBPACK);
  await project.write("esbuild.cjs", ESBUILD);
  await project.write("vite.mjs", VITE);
  await project.write(
    "babel.config.js",
    'module.exports = { presets: ["@react-native/babel-preset"] };',
  );
  const http = createServer();
  io = new Server(http);
  io.on("connection", (socket) => socket.emit("welcome", "hello"));
  await once(http.listen(0, "127.0.0.1"), "listening");
  address = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}, 300_000);

afterAll(async () => {
  await io.close();
  await project.remove();
});

test.each([
  ["esbuild", "esbuild.cjs", "esbuild.js"],
  ["webpack", "webpack.cjs", "webpack.js"],
  ["Vite", "vite.mjs", "vite.js"],
  ["Metro, for React Native", "metro.cjs", "metro.js"],
])(
  "%s",
  async (_, builder, bundle) => {
    await project.node(builder);
    expect(await project.node("run.cjs", bundle, address)).toBe("hello\n");
  },
  120_000,
);

test("whoever does not read `exports` finds the entries by their folders", async () => {
  await project.write(
    "folders.cjs",
    `const { resolve } = require("node:path");
    for (const entry of ["client", "client/all", "contract", "msgpack-parser"]) {
      const folder = resolve("node_modules/omnio", entry);
      const { main, module, types, browser, "react-native": native } = require(resolve(folder, "package.json"));
      for (const file of [main, module, types, browser, native])
        if (file) require("node:fs").accessSync(resolve(folder, file));
      console.log(entry, Object.keys(require(folder)).length > 0);
    }`,
  );
  expect(await project.node("folders.cjs")).toBe(
    "client true\nclient/all true\ncontract true\nmsgpack-parser true\n",
  );
});
