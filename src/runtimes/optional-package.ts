/** Packages that come only with those who want what they do. */
import { createRequire } from "node:module";

/**
 * @param neededBy - what cannot do without it, as the error says
 * @throws {Error} it is not installed
 */
export function optionalPackage(name: string, neededBy: string): unknown {
  try {
    return createRequire(import.meta.url)(name);
  } catch (cause) {
    throw new Error(
      `${neededBy} needs the package ${name}, which is not installed: npm install ${name}`,
      { cause },
    );
  }
}
