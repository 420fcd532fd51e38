import { fileURLToPath } from "node:url";
import { Child } from "../processes/child.js";
import type { Cores } from "../processes/cores.js";
import type { Amount, LoadFigures, Plan } from "./plan.js";

const GENERATOR = fileURLToPath(new URL("generator.js", import.meta.url));

/** The load generator, in a process of its own on a core of its own. */
export class LoadGenerator {
  #plans = 0;

  private constructor(private readonly child: Child) {}

  static async start(cores: Cores): Promise<LoadGenerator> {
    return new LoadGenerator(
      await Child.start({ arguments: [GENERATOR], core: cores.load, ready: /^ready/, channel: true }, cores),
    );
  }

  /** Teaches it a plan. @returns a name to send by */
  async learn(plan: Plan): Promise<string> {
    const name = `plan ${(this.#plans += 1)}`;
    await this.child.ask({ learn: name, plan });
    return name;
  }

  /** Sends by a plan that it has learnt. One at a time. */
  async send(name: string, to: readonly string[], amount: Amount): Promise<LoadFigures> {
    return this.child.ask({ send: name, to, amount });
  }

  async stop(): Promise<void> {
    await this.child.stop();
  }
}
