import Mocha from "mocha";

/**
 * Mocha's `spec` output, and as the last line of the run `N passed, N failed, N skipped`, in agreement with the exit
 * code. A run that ran no test has failed: a wrong path or filter must not look like success.
 */
class SummaryReporter extends Mocha.reporters.Spec {
  /** Called after everything, the global teardown included; `failures` is what the exit code is made of. */
  override done(failures: number, finish?: (failures: number) => void): void {
    const { passes, pending } = this.stats;
    const failed = passes + failures === 0 ? 1 : failures;
    if (failed > failures) console.log("No test was run.\n");
    console.log(`${passes} passed, ${failed} failed, ${pending} skipped`);
    finish?.(failed);
  }
}

// Mocha takes a reporter as a default export only.
export default SummaryReporter;
