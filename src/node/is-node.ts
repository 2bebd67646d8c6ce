/** Bun and Deno have modules of Node's names, with sockets of their own behind them. */
export const isNode = !(
  "bun" in process.versions || "deno" in process.versions
);
