import { type AnyTRPCRouter, TRPCError } from "@trpc/server";

/** Which calls there are. */
interface Calls {
  readonly isBatch: boolean;
  readonly paths: readonly string[];
}

/** The inputs of the calls of one request, as the client sent them. */
export interface RawInputs {
  /** @throws TRPCError if they cannot be read */
  read(index: number): Promise<unknown>;
  /** The same where they have been read already, and else undefined. */
  known(index: number): unknown;
}

type Inputs = Readonly<Record<number, unknown>>;

/** They are read when a procedure first asks for one: some ask for none, and then nothing can be wrong with them. */
export function rawInputs(text: string, calls: Calls, router: AnyTRPCRouter): RawInputs {
  let inputs: Inputs | undefined;
  return {
    async read(index) {
      inputs ??= parse(text, calls, router);
      return inputs[index];
    },
    known: (index) => inputs?.[index],
  };
}

function parse(text: string, calls: Calls, router: AnyTRPCRouter): Inputs {
  try {
    // A byte order mark is none of the text (Encoding Standard, section 6).
    const json = text.replace(/^\ufeff/, "");
    return json === "" ? {} : deserialize(JSON.parse(json), calls, router);
  } catch (cause) {
    if (cause instanceof TRPCError) throw cause;
    throw new TRPCError({ code: "BAD_REQUEST", message: (cause as Error).message, cause });
  }
}

function deserialize(value: unknown, { isBatch, paths }: Calls, router: AnyTRPCRouter): Inputs {
  const { input } = router._def._config.transformer;
  if (!isBatch) return { 0: input.deserialize(value) as unknown };
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TRPCError({ code: "BAD_REQUEST", message: '"input" needs to be an object when doing a batch call' });
  }
  const given = value as Inputs;
  const present = [...paths.keys()].filter((index) => given[index] !== undefined);
  return Object.fromEntries(present.map((index) => [index, input.deserialize(given[index]) as unknown]));
}
