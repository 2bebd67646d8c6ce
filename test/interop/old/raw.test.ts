/**
 * Transports that no client of today speaks any more: the same bytes go to the
 * old server and to ours, and what comes back has to be the same.
 */
import { server06, server07, server08, server09 } from "./peers/old-servers.js";
import type { ServerOptions, ServerPeer } from "./peers/peer.js";
import { FRAMES, MORE_FRAMES, type Route } from "./raw/frames.js";
import { MULTIPART } from "./raw/multipart.js";
import {
  runSideBySide,
  type Feature,
  type Told,
  type Way,
} from "./raw/suite.js";

/** Heartbeats come soon where they are what is tried, and not at all elsewhere. */
function timesFor(feature: string): ServerOptions {
  const closeTimeout = 300;
  if (feature === "heartbeat")
    return { closeTimeout, heartbeats: { interval: 150, timeout: 10_000 } };
  return feature.includes("heartbeat")
    ? { closeTimeout, heartbeats: { interval: 150, timeout: 300 } }
    : { closeTimeout, heartbeats: { interval: 60_000, timeout: 60_000 } };
}

const feature = (name: string, told: Told | string): Feature => ({
  name,
  told,
  times: timesFor(name),
});

const names = Object.keys({ ...FRAMES, ...MORE_FRAMES });

function frames(old: ServerPeer, route: Route): Way {
  return {
    name: `${route.transport} ${route.draft}`,
    features: names.map((name) => {
      if (name === "late nonce" && route.draft === "hixie-75")
        return feature(name, "hixie-75 has no nonce");
      const told = FRAMES[name] ?? MORE_FRAMES[name];
      if (
        told === undefined ||
        (FRAMES[name] === undefined && old.generation === "0.6")
      )
        return feature(
          name,
          "0.6 has messages and connections, and nothing else",
        );
      return feature(name, (talk) => told(talk, route));
    }),
  };
}

function multipart(old: ServerPeer): Way {
  return {
    name: "xhr-multipart",
    features: names.map((name) => {
      if (old.generation !== "0.6")
        return feature(
          name,
          "servers of 0.7 to 0.9 do not have it, only their specification",
        );
      const told = MULTIPART[name];
      return feature(
        name,
        told ??
          (FRAMES[name] === undefined
            ? "0.6 has messages and connections, and nothing else"
            : "there is no more to it than in the cells beside"),
      );
    }),
  };
}

runSideBySide(
  "Old generations in bytes",
  "old-raw.md",
  [server09(), server08(), server07(), server06()].map((old) => ({
    old,
    ways: [
      ...(["websocket", "flashsocket"] as const).flatMap((transport) =>
        (["hixie-75", "hixie-76"] as const).map((draft) =>
          frames(old, { transport, draft }),
        ),
      ),
      multipart(old),
    ],
  })),
);
