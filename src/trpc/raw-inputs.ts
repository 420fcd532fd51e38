import { TRPCError } from "@trpc/server";
import { isRecord } from "../is-record.js";

/** How the inputs are packed. */
interface Calls {
  readonly isBatch: boolean;
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
export function rawInputs(text: string, calls: Calls): RawInputs {
  let inputs: Inputs | undefined;
  return {
    async read(index) {
      inputs ??= parse(text, calls);
      return inputs[index];
    },
    known: (index) => inputs?.[index],
  };
}

function parse(text: string, calls: Calls): Inputs {
  try {
    // A byte order mark is none of the text (Encoding Standard, section 6).
    const json = text.replace(/^\ufeff/, "");
    return json === "" ? {} : inputsIn(JSON.parse(json), calls);
  } catch (cause) {
    if (cause instanceof TRPCError) throw cause;
    throw new TRPCError({ code: "BAD_REQUEST", message: (cause as Error).message, cause });
  }
}

function inputsIn(value: unknown, { isBatch }: Calls): Inputs {
  if (!isBatch) return { 0: value };
  if (isRecord(value)) return value;
  throw new TRPCError({ code: "BAD_REQUEST", message: '"input" needs to be an object when doing a batch call' });
}
