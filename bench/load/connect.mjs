/**
 * Opens many clients, a bounded number of them at a time.
 */
import { performance } from "node:perf_hooks";
import { WebSocketClient } from "./frame-client.mjs";
import { Latencies } from "./latencies.mjs";
import { PollingClient } from "./polling-client.mjs";
import { UpgradingClient } from "./upgrading-client.mjs";

/** @typedef {import("./client.mjs").Client} Client */

const CLIENTS = {
  websocket: WebSocketClient,
  polling: PollingClient,
  upgrade: UpgradingClient,
};

/** @typedef {keyof typeof CLIENTS} Transport */

/** How many connections a client of this transport holds at most. */
export const SOCKETS_PER_CLIENT = { websocket: 1, polling: 2, upgrade: 3 };

/**
 * @param {{ port: number, transport: Transport, count: number, atOnce: number, namespaces?: number }} how
 *   namespaces: they join as many in turn, instead of the main one
 * @returns {Promise<{ clients: Client[], elapsed: number, p50: number, p99: number }>}
 *   elapsed in seconds, latencies in ms
 */
export function connectClients({ port, transport, count, atOnce, namespaces }) {
  const latencies = new Latencies();
  const began = performance.now();
  /** @type {Client[]} */
  const clients = [];
  let ready = 0;
  return new Promise((resolve) => {
    const open = () => {
      if (clients.length === count) return;
      const opened = performance.now();
      const done = () => {
        const now = performance.now();
        latencies.record(now - opened);
        ready++;
        if (ready < count) open();
        else
          resolve({
            clients,
            elapsed: (now - began) / 1000,
            ...latencies.summary(),
          });
      };
      clients.push(
        namespaces === undefined
          ? new CLIENTS[transport](port, done)
          : new WebSocketClient(port, done, clients.length % namespaces),
      );
    };
    for (let i = 0; i < atOnce; i++) open();
  });
}
