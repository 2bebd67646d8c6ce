/**
 * Browsersync: two pages in Chromium that do alike, styles that are replaced,
 * and a reload when a file has changed. Its client is in the page's bundle.
 */
const { once } = require("node:events");
const { writeFileSync } = require("node:fs");
const { createServer } = require("node:net");
const { join } = require("node:path");
const { create } = require("browser-sync");
// It stays in the repository, which has a browser for it.
const { chromium } = require(process.env.PLAYWRIGHT);

const folder = join(__dirname, "browser-sync");
const print = (...all) => console.log(...all);

/** One that was free just now: this program looks for the next one from a number on. */
async function freePort() {
  const server = createServer().listen(0);
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

async function main() {
  const bs = create();
  const connected = { count: 0 };
  bs.emitter.on("client:connected", () => connected.count++);
  const port = await freePort();
  await new Promise((resolve, reject) =>
    bs.init(
      {
        server: folder,
        open: false,
        ui: false,
        notify: false,
        logLevel: "silent",
        ghostMode: { clicks: true, forms: true, scroll: true },
        reloadDelay: 0,
        port,
      },
      (error) => (error ? reject(error) : resolve()),
    ),
  );
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM_PATH,
    args: ["--no-sandbox", "--disable-gpu"],
  });
  const url = bs.getOption("urls").get("local");
  const open = async () => {
    const page = await browser.newPage();
    page.on("pageerror", (error) => print("page error", error.message));
    await page.goto(url);
    await page.waitForFunction(
      () => globalThis.___browserSync___?.socket?.connected,
    );
    return page;
  };
  const [one, two] = [await open(), await open()];
  print("connected", connected.count);

  await one.locator("#name").pressSequentially("ännchen");
  await two.waitForFunction(
    () => document.querySelector("#name").value === "ännchen",
  );
  print("typed", await two.inputValue("#name"));
  await two.click("#more");
  await one.waitForFunction(
    () => document.querySelector("#count").textContent === "1",
  );
  print("clicked", await one.textContent("#count"));

  const colour = () => getComputedStyle(document.body).backgroundColor;
  print("before", await one.evaluate(colour));
  writeFileSync(join(folder, "style.css"), "body { background: rgb(1, 2, 3) }");
  bs.reload("style.css");
  for (const page of [one, two])
    await page.waitForFunction(
      () => getComputedStyle(document.body).backgroundColor === "rgb(1, 2, 3)",
    );
  print(
    "after",
    await two.evaluate(colour),
    "count",
    await one.textContent("#count"),
  );

  const loads = [one, two].map((page) => page.waitForEvent("load"));
  bs.reload();
  await Promise.all(loads);
  print("reloaded", await one.textContent("#count"));
  bs.sockets.emit("browser:location", { path: "/other.html" });
  for (const page of [one, two]) await page.waitForURL("**/other.html");
  print("elsewhere", await one.textContent("h1"), await two.textContent("h1"));
  await browser.close();
  bs.exit();
}

main()
  .then(() => print("end"))
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  })
  .then(() => process.exit());
