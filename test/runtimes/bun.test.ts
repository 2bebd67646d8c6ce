/** The server in Bun, on Bun's own HTTP and WebSocket server. */
import { bunProgram } from "./binaries.js";
import { runtimeSuite } from "./suite.js";

runtimeSuite({ name: "Bun", entry: "bun", command: () => [bunProgram()] });
