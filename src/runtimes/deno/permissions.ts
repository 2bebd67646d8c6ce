/** What a program in Deno was allowed when it was started. */
import { fileURLToPath } from "node:url";

interface Permissions {
  querySync(query: { name: "read"; path: string }): { state: string };
}

/**
 * Whether files below a folder can be read without asking. Deno asks whoever
 * sits at the terminal, and the program stands still meanwhile: no request may
 * bring that about.
 */
export function mayRead(folder: URL): boolean {
  const { Deno } = globalThis as { Deno?: { permissions?: Permissions } };
  if (!Deno?.permissions || folder.protocol !== "file:") return true;
  const path = fileURLToPath(folder);
  return Deno.permissions.querySync({ name: "read", path }).state === "granted";
}
