import type { CommandContext } from "./command-context.js";

/** Milliseconds between two lines where nobody may be watching: a log should not fill with them. */
const PAUSE = 5_000;

/** Tells how far long work has got: at once on a terminal, in one line; elsewhere now and then, if it takes long. */
export class Progress {
  private readonly begun: Date;
  private lines = 0;

  /** @param describe the line, from what is done */
  constructor(
    private readonly context: Pick<CommandContext, "stderr" | "clock">,
    private readonly describe: (done: number) => string,
  ) {
    this.begun = context.clock.now();
  }

  report(done: number): void {
    const { stderr } = this.context;
    if (stderr.isTTY === true) return void stderr.write(`\r${this.describe(done)}`);
    if (this.elapsed() < PAUSE * (this.lines + 1)) return;
    this.lines += 1;
    stderr.write(`${this.describe(done)}\n`);
  }

  /** Leaves the line on the terminal. */
  end(): void {
    const { stderr } = this.context;
    if (stderr.isTTY === true) stderr.write("\n");
  }

  /** Milliseconds. */
  private elapsed(): number {
    return this.context.clock.now().getTime() - this.begun.getTime();
  }
}
