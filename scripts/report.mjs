// Reads the JSON reports of vitest.

/**
 * Counts the tests of one report. A file that could not be loaded is a failure even though none of its tests ran.
 * @param {object} report what vitest's JSON reporter wrote
 * @param {number} exitCode vitest's exit code: an error outside every test shows only there
 */
export function countTests(report, exitCode) {
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && !assertionResults.some((test) => test.status === "failed"),
  ).length;
  const failed = report.numFailedTests + brokenFiles;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && exitCode !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** Adds up the counts of several reports. */
export function addCounts(counts) {
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const { passed, failed, skipped } of counts) {
    total.passed += passed;
    total.failed += failed;
    total.skipped += skipped;
  }
  return total;
}
