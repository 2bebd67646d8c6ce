/** Node as a runtime of the server. */
import type { Runtime } from "../../server/runtime.js";
import { optionalPackage } from "../optional-package.js";
import { NodeEngine } from "./engine.js";
import { mount } from "./mount.js";
import { asBuffer } from "../../node/frame-ports.js";
import { base64, clock, randomId } from "./platform.js";
import { defer } from "./turn.js";

export const nodeRuntime: Runtime = {
  clock,
  base64,
  bytes: asBuffer,
  randomId,
  defer,
  load: optionalPackage,
  createEngine: (options, dialects) => new NodeEngine(options, dialects),
  mount(engine, target, options) {
    if (!(engine instanceof NodeEngine))
      throw new TypeError("this engine cannot be attached to a Node server");
    return mount(engine, target, options);
  },
};
