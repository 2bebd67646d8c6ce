/** Karma: a suite in Chromium, whose page loads its client from the server. */
const { join } = require("node:path");
const { Server, config } = require("karma");

/** What a reporter of Karma's is told. */
function reporter() {
  const print = (...all) => console.log(...all);
  this.onBrowserRegister = () => print("registered");
  this.onBrowserStart = (_browser, { total }) => print("start", total);
  this.onBrowserLog = (_browser, log, type) => print("log", type, log);
  this.onSpecComplete = (
    _browser,
    { success, skipped, suite, description, log },
  ) =>
    print(
      ...[success, skipped, ...suite, description],
      ...log.map((each) => each.split("\n")[0]),
    );
  this.onBrowserError = (_browser, error) => print("error", String(error));
  this.onBrowserComplete = (_browser, result) => {
    const { success, failed, skipped, disconnected } = _browser.lastResult;
    print(
      "complete",
      { success, failed, skipped, disconnected },
      typeof result,
    );
  };
  this.onRunComplete = (_browsers, { success, failed, exitCode }) =>
    print("run", { success, failed, exitCode });
}

const options = config.parseConfig(
  null,
  {
    basePath: join(__dirname, "karma"),
    frameworks: ["jasmine"],
    files: ["spec.js"],
    plugins: [
      "karma-jasmine",
      "karma-chrome-launcher",
      { "reporter:told": ["type", reporter] },
    ],
    reporters: ["told"],
    browsers: ["Sandboxless"],
    customLaunchers: {
      Sandboxless: { base: "ChromeHeadless", flags: ["--no-sandbox"] },
    },
    client: {
      captureConsole: true,
      args: [process.env.TRANSPORTS],
      jasmine: { random: false },
    },
    transports: process.env.TRANSPORTS.split(","),
    logLevel: "ERROR",
    port: 0,
    singleRun: true,
  },
  { throwErrors: true },
);

new Server(options, (code) => {
  console.log("end", code);
  process.exit(0);
}).start();
