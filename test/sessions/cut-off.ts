import { expect } from "chai";
import { ServiceUnavailableError } from "../../src/errors.js";
import { TypeOrmRefreshTokens } from "../../src/sessions/typeorm-refresh-tokens.js";
import type { DataSources } from "../database/open-data-source.js";
import { CuttingRelay } from "../support/cutting-relay.js";
import { statementsDuring } from "../support/statements.js";

/** Where and what is cut off. */
export interface CutOff {
  readonly dataSources: DataSources;
  readonly url: string;
  /** Of the database server. */
  readonly port: number;
  /** What is in the packet that has the statement executed, a hash or an id: it arrives, and its answer does not. */
  readonly content: Buffer | string;
  /** Its first word. */
  readonly statement: "INSERT" | "UPDATE";
}

/** Writes sessions whose statement is not answered: nobody is told that it happened, and it is not sent again. */
export async function expectCutOff(
  { dataSources, url, port, content, statement }: CutOff,
  write: (sessions: TypeOrmRefreshTokens) => Promise<unknown>[],
): Promise<void> {
  const relay = await CuttingRelay.start(port, content);
  try {
    const dataSource = await dataSources.connect(url.replace(`:${port}/`, `:${relay.port}/`));
    const sessions = new TypeOrmRefreshTokens(dataSource);
    const sent = await statementsDuring(dataSource, async () => {
      for (const result of await Promise.allSettled(write(sessions))) {
        expect(result).to.have.property("reason").that.is.instanceOf(ServiceUnavailableError);
      }
    });
    expect(relay.cuts).to.equal(1);
    expect(sent.filter((sql) => sql.startsWith(statement))).to.have.length(1);
  } finally {
    await relay.stop();
  }
}
