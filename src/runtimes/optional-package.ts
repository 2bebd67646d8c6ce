/** Packages that come only with those who want what they do. */
import { createRequire } from "node:module";

/**
 * @param neededBy - what cannot do without it, as the error says
 * @throws {Error} it is not installed, or cannot be loaded: in Deno, for want of a permission
 */
export function optionalPackage(name: string, neededBy: string): unknown {
  try {
    return createRequire(import.meta.url)(name);
  } catch (cause) {
    const why = isMissing(cause)
      ? `is not installed: npm install ${name}`
      : `could not be loaded: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new Error(`${neededBy} needs the package ${name}, which ${why}`, {
      cause,
    });
  }
}

function isMissing(error: unknown): boolean {
  return (
    error instanceof Error &&
    "code" in error &&
    error.code === "MODULE_NOT_FOUND"
  );
}
