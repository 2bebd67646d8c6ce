/**
 * The curves that `--plot` draws: how the price of one thing changes with the
 * number of another. Where nothing changes, a curve is flat.
 */
import { fileDescriptorLimit } from "../machine.mjs";
import {
  connectionsPoint,
  echoPoint,
  namespacesPoint,
  roomPoint,
  roomsPoint,
} from "./points.mjs";

/**
 * @typedef {object} Panel one figure of a curve, drawn by itself
 * @property {string} figure name of the figure
 * @property {string} title
 * @property {boolean} [log] whether its axis is logarithmic, too
 *
 * @typedef {object} Curve
 * @property {string} name of its files
 * @property {string} title
 * @property {string} x what the horizontal axis counts
 * @property {Panel[]} panels
 * @property {import("./points.mjs").Point[]} points
 */

/** Descriptors that are not connections. */
const SPARE = 200;
const MOST = Math.min(20_000, fileDescriptorLimit() - SPARE);

/** @type {Panel} */
const CPU = { figure: "cpu", title: "server CPU, us per message" };
/** @type {Panel} */
const DELIVERY = { figure: "cpu", title: "server CPU, us per delivery" };

/** @type {readonly Curve[]} */
export const CURVES = [
  {
    name: "connections",
    title: "Echo, one message in flight on each connection",
    x: "connections",
    panels: [
      CPU,
      { figure: "heap", title: "heap, kB per connection" },
      { figure: "rss", title: "RSS, kB per connection" },
    ],
    points: [100, 500, 2000, 7000, MOST].map(connectionsPoint),
  },
  {
    name: "room-size",
    title: "Broadcast to a room",
    x: "sockets in the room",
    panels: [{ ...DELIVERY, log: true }],
    points: [10, 100, 1000, 10_000].map(roomPoint),
  },
  {
    name: "rooms-per-socket",
    title: "Broadcast to 100 sockets that are in many rooms",
    x: "rooms of each socket",
    panels: [DELIVERY, { figure: "heap", title: "heap, bytes per membership" }],
    points: [1, 10, 100, 1000].map(roomsPoint),
  },
  {
    name: "namespaces",
    title: "Connecting to one of many namespaces",
    x: "namespaces of the server",
    panels: [
      { figure: "cpu", title: "server CPU, us per connection" },
      { figure: "heap", title: "heap, kB per namespace" },
    ],
    points: [1, 10, 100, 1000, 10_000].map(namespacesPoint),
  },
  {
    name: "payload",
    title: "Echo of texts, 50 connections",
    x: "bytes of payload",
    panels: [{ ...CPU, log: true }],
    points: [16, 256, 4096, 65_536, 999_000].map((bytes) =>
      echoPoint({ x: bytes, bytes, connections: 50 }),
    ),
  },
  {
    name: "in-flight",
    title: "Echo, 100 connections",
    x: "messages in flight on each connection",
    panels: [CPU],
    points: [1, 4, 16, 64, 256].map((inFlight) =>
      echoPoint({ x: inFlight, inFlight, connections: 100 }),
    ),
  },
];

/** @param {string} name */
export function curveNamed(name) {
  const curve = CURVES.find((candidate) => candidate.name === name);
  if (curve) return curve;
  const names = CURVES.map((candidate) => candidate.name).join(", ");
  throw new Error(`there is no curve "${name}"; choose from ${names}`);
}
