/**
 * What a browser tells about the page: that the network is gone, and that the
 * page is about to be left.
 */
import type { Engine } from "./engine.js";

const offline = new Set<() => void>();

// Inside a service worker, listeners have to be there from the first run of the script.
if (typeof addEventListener === "function") {
  addEventListener("offline", () => {
    for (const tell of [...offline]) tell();
  });
}

/** Closes the engine when the page's network goes or, if asked, the page itself. Returns how to stop. */
export function listenToPage(
  engine: Engine,
  host: string,
): (() => void) | undefined {
  if (typeof addEventListener !== "function") return undefined;
  const lost = () =>
    engine._close("transport close", {
      description: "network connection lost",
    });
  const leave = () => {
    // Silently: no code of a page that goes away should react.
    engine.transport._forgotten().close();
  };
  if (host !== "localhost") offline.add(lost);
  if (engine.opts.closeOnBeforeunload) addEventListener("beforeunload", leave);
  return () => {
    offline.delete(lost);
    removeEventListener("beforeunload", leave);
  };
}
