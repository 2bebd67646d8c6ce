/**
 * Clients that ask for Engine.IO 4 and speak Engine.IO 3. The official client
 * in C++ does so from 1.0 to 1.6.1, and the request of its 3.x, which speaks
 * what it asks for, is the same to the letter. What tells them apart is who
 * pings: in Engine.IO 4 no client does. Left alone, the one of 1.x would say
 * nothing for a whole `pingInterval`, so it is told a short one.
 */
import { type Door, LINES } from "../dialect.js";

/** WebSocket++, which all versions of that client are built on. */
const AGENT = "WebSocket++/";

/** When they are to ping for the first time, in ms. */
const SOON = 100;

/** The same door, which marks whom it may have taken for somebody else. */
export function suspicious(door: Door): Door {
  return {
    ...door,
    knock(request) {
      const knock = door.knock(request);
      return request.agent?.startsWith(AGENT) &&
        knock?.line === LINES.websocket &&
        knock.sid === undefined
        ? { ...knock, pingSoon: SOON }
        : knock;
    },
  };
}
