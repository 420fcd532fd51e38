import type { TRPCCombinedDataTransformer, TRPCDataTransformer } from "@trpc/server";

/** What a tRPC router does to data, as `initTRPC.create` takes it; for example superjson. */
export type Transformer = TRPCDataTransformer | TRPCCombinedDataTransformer;

/** How a client writes what it sends, and reads what it is answered. */
export interface Wire {
  readonly write: (input: unknown) => unknown;
  readonly read: (output: unknown) => unknown;
}

/** Without a transformer data stay as they are. */
export function wireOf(transformer: Transformer | undefined): Wire {
  if (!transformer) return { write: (input) => input, read: (output) => output };
  const { input, output } = "input" in transformer ? transformer : { input: transformer, output: transformer };
  return { write: (value) => input.serialize(value) as unknown, read: (value) => output.deserialize(value) as unknown };
}
