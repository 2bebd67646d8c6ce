/**
 * Runs once before the tests: makes the client bundles, which the server
 * serves, and says where Chromium, Python and Redis are.
 */
import { findChromium } from "../chromium.mjs";
import { ensureBundles } from "../build-if-stale.mjs";
import { findPython } from "../python.mjs";
import { findRedis } from "../redis.mjs";

export default function setup() {
  const chromium = findChromium();
  if (chromium) process.env.CHROMIUM_PATH = chromium;
  const python = findPython();
  if (python) process.env.PYTHON = python;
  const redis = findRedis();
  if (redis) process.env.REDIS_SERVER = redis;
  try {
    ensureBundles();
  } catch (error) {
    // Most tests need no bundles; those that do say so.
    console.error(error instanceof Error ? error.message : error);
  }
}
