/**
 * A Socket.IO client that starts with polling and changes to WebSocket, in the
 * steps of the official one:
 *
 *     polling    GET -> 0{sid}   POST 40   GET -> 40{}   GET ...... -> 6
 *     WebSocket                  2probe -> 3probe   pause polling ...... 5
 */
import { FrameClient } from "./frame-client.mjs";
import { clientFrames } from "./frames.mjs";
import { PollingClient } from "./polling-client.mjs";
import { JOINED, PROBED, unexpected } from "./signals.mjs";

const PROBE = clientFrames(["2probe"]);
const UPGRADE = clientFrames(["5"]);

export class UpgradingClient extends FrameClient {
  #polling;
  #ready;
  #joined = false;
  #upgraded = false;

  /** @param {number} port @param {() => void} ready called when joined and upgraded */
  constructor(port, ready) {
    super();
    this.#ready = ready;
    this.#polling = new PollingClient(
      port,
      () => this.#join(),
      () =>
        this.connect(
          port,
          `EIO=4&transport=websocket&sid=${this.#polling.sid}`,
        ),
    );
  }

  /** @override */
  opened() {
    this.write(PROBE);
  }

  /** @override @param {number} head */
  signal(head) {
    if (head === PROBED) this.#polling.pause(() => this.#upgrade());
    else if (head === JOINED) this.#join();
    else throw unexpected(head);
  }

  /** @override */
  async close() {
    await Promise.all([
      super.close(),
      this.#upgraded ? undefined : this.#polling.close(),
    ]);
  }

  #join() {
    this.#joined = true;
    if (this.#upgraded) this.#ready();
  }

  #upgrade() {
    this.write(UPGRADE);
    this.#upgraded = true;
    void this.#polling.close();
    if (this.#joined) this.#ready();
  }
}
