/** Our server with the bundles that 0.6 to 0.9 gave to browsers, in Chromium. */
import {
  browserClient06,
  browserClient07,
  browserClient08,
  browserClient09,
  Pages,
} from "./peers/browser-clients.js";
import { omnioServer } from "./peers/omnio.js";
import { runMatrix, type Row } from "./suite.js";

const server = omnioServer();
const pages = new Pages();

runMatrix({
  title: "Old generations in a browser",
  file: "old-browser.md",
  rows: [
    browserClient09(pages),
    browserClient08(pages),
    browserClient07(pages),
    browserClient06(pages),
  ].map((client): Row => ({
    server,
    client,
    transports: ["websocket", "xhr-polling", "jsonp-polling", "htmlfile"],
  })),
});
