import Mocha from "mocha";

/** Mocha's `spec` output, and as the last line of the run `N passed, N failed, N skipped`. */
class SummaryReporter extends Mocha.reporters.Spec {
  /** Called after everything, the global teardown included; `failures` is what the exit code is made of. */
  override done(failures: number, finish?: (failures: number) => void): void {
    console.log(`${this.stats.passes} passed, ${failures} failed, ${this.stats.pending} skipped`);
    finish?.(failures);
  }
}

// Mocha takes a reporter as a default export only.
export default SummaryReporter;
