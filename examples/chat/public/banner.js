/**
 * What people see of the connection: a line under the room's name, and a
 * banner while the server is away and shortly after it is back.
 */
import { onStatus, status, tryNow } from "./connection.js";
import { announce, byId, setText } from "./dom.js";
import { counted, generationName, transportName } from "./format.js";

/** A connection that comes back at once is not worth a banner. */
const PATIENCE = 300;
const GOOD_NEWS = 5000;

const banner = byId("banner");
/** @type {{ since: number } | undefined} the current interruption */
let lost;
/** @type {string | undefined} */
let goodNews;
/** @type {NodeJS.Timeout | number | undefined} */
let hiding;
/** @type {() => number} */
let waiting = () => 0;

/** @param {() => number} countWaiting messages that wait for the connection */
export function startBanner(countWaiting) {
  waiting = countWaiting;
  onStatus(showBanner);
  byId("banner-retry").addEventListener("click", tryNow);
  setInterval(() => lost && showBanner(), 250);
}

/** Says what became of the interruption. @param {string} text */
export function tellGoodNews(text) {
  goodNews = text;
  announce(`Connected again. ${text}`);
  clearTimeout(hiding);
  hiding = setTimeout(() => {
    goodNews = undefined;
    showBanner();
  }, GOOD_NEWS);
  showBanner();
}

export function showBanner() {
  const { state, attempt, nextAt, transport, generations } = status;
  setText(
    byId("status"),
    state === "online"
      ? [
          transportName(transport),
          generations.length > 0 && `Socket.IO ${generationName(generations)}`,
        ]
          .filter(Boolean)
          .join(" · ")
      : state === "new"
        ? "Connecting"
        : "Offline",
  );
  Object.assign(byId("status").dataset, { state, transport });

  const away = state === "waiting" || state === "trying";
  if (away && !lost) {
    lost = { since: Date.now() };
    goodNews = undefined;
    setTimeout(() => {
      if (lost) announce("Connection lost. Trying to reconnect.");
      showBanner();
    }, PATIENCE + 10);
  }
  if (!away) lost = undefined;

  const visible =
    goodNews !== undefined || (lost && Date.now() - lost.since > PATIENCE);
  banner.hidden = !visible;
  if (!visible) return;
  banner.dataset.state = goodNews !== undefined ? "online" : state;
  banner.dataset.attempt = String(attempt);
  byId("banner-retry").hidden = goodNews !== undefined;
  if (goodNews !== undefined) {
    setText(byId("banner-title"), "Connected again.");
    setText(byId("banner-detail"), goodNews);
    return;
  }
  const seconds = Math.max(1, Math.ceil((nextAt - Date.now()) / 1000));
  const next =
    state === "trying"
      ? `Attempt ${attempt} is under way.`
      : `Attempt ${attempt + 1} in ${seconds} s.`;
  const queue =
    waiting() > 0 ? ` ${counted(waiting(), "message")} waiting.` : "";
  setText(byId("banner-title"), "The server is away.");
  setText(byId("banner-detail"), next + queue);
}
