/** Tasks beside the program of a `Client`. */
import { expect, it } from "vitest";
import { own } from "../support.js";
import { client } from "./support.js";

it("runs beside the connection, which stays alive meanwhile", async () => {
  const { io, url } = await own({ pingInterval: 10 });
  let beats = 0;
  io.engine.on("connection", (conn: { on: (...a: unknown[]) => void }) =>
    conn.on("heartbeat", () => void beats++),
  );
  const c = client();
  await c.connect(url);
  const task = c.startBackgroundTask(async (enough: number) => {
    while (beats < enough) await c.sleep(0.005);
    return c.connected;
  }, 5);
  expect(await c.call("echo", "meanwhile")).toBe("meanwhile");
  expect(await task).toBe(true);
});
