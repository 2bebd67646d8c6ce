/**
 * Ends a test run with one plain line: "N passed, N failed, N skipped", unless
 * this run is one of several whose tests are counted together.
 */
import { inWords, leaveCount } from "./count.mjs";

/** @typedef {import("vitest/node").Reporter} Reporter */

/** @implements {Reporter} */
export default class PlainLine {
  /**
   * @param {ReadonlyArray<import("vitest/node").TestModule>} modules
   * @param {ReadonlyArray<unknown>} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    const count = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) {
      // A file that could not be loaded has errors of its own and no tests.
      if (module.errors().length > 0) count.failed++;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === "pending") count.skipped++;
        else count[state]++;
      }
      for (const suite of module.children.allSuites())
        if (suite.errors().length > 0) count.failed++;
    }
    if (!leaveCount(count)) console.log(`\n${inWords(count)}`);
  }
}
