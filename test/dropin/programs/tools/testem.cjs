/** Testem: a page with results of its own in Chromium, as TAP. */
const { join } = require("node:path");
const Testem = require("testem");

const testem = new Testem();
testem.startCI(
  {
    cwd: join(__dirname, "testem"),
    test_page: "page.html",
    port: 0,
    launch_in_ci: ["Chromium"],
    launchers: {
      Chromium: {
        exe: process.env.CHROMIUM_PATH,
        args: [
          "--headless",
          "--no-sandbox",
          "--disable-gpu",
          `--user-data-dir=${join(__dirname, "profile")}`,
        ],
        protocol: "browser",
      },
    },
  },
  (code) => {
    console.log("end", code);
    process.exit(0);
  },
);
