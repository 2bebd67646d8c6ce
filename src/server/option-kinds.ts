/** Which options are what, for the log of values that are surely not meant. */
import type { Kinds } from "../options/unlikely.js";

export const KINDS: Kinds = {
  numbers: [
    "connectTimeout",
    "destroyUpgradeTimeout",
    "handlerTimeout",
    "httpRequestBodyTimeout",
    "maxAttachments",
    "maxBufferedBytes",
    "maxBufferedChunks",
    "maxBufferedPackets",
    "maxHttpBufferSize",
    "maxNamespaces",
    "pingInterval",
    "pingTimeout",
    "slowConsumerGrace",
    "upgradeTimeout",
  ],
  switches: [
    "addTrailingSlash",
    "allowEIO3",
    "allowUpgrades",
    "cleanupEmptyChildNamespaces",
    "destroyUpgrade",
    "serveClient",
  ],
  settings: [
    "connectionStateRecovery",
    "cookie",
    "cors",
    "httpCompression",
    "perMessageDeflate",
  ],
};
