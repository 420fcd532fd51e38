import { type AnyTRPCProcedure, getTRPCErrorFromUnknown, initTRPC, TRPCError } from "@trpc/server";

/** What a procedure is called with. */
export interface ProcedureCall {
  readonly path: string;
  readonly type: "query" | "mutation";
  readonly ctx: object;
  /** Rejects where what the client sent cannot be read. */
  readonly getRawInput: () => Promise<unknown>;
  readonly signal: AbortSignal | undefined;
  /** Which call of its request it is, from 0. */
  readonly batchIndex: number;
}

/** What a middleware may give those behind it. */
interface State {
  readonly ctx: object;
  readonly input: unknown;
  readonly getRawInput: ProcedureCall["getRawInput"];
}

type Result = { readonly ok: true; readonly data: unknown } | { readonly ok: false; readonly error: TRPCError };

type Middleware = (
  options: ProcedureCall & {
    readonly input: unknown;
    readonly meta: unknown;
    readonly next: (changes?: Partial<State>) => Promise<Result>;
  },
) => Promise<Result>;

/** What tRPC's types do not say of a procedure. */
interface Definition {
  readonly middlewares?: unknown;
  readonly meta?: unknown;
  /** Whether something else is called in the procedure's place. */
  readonly experimental_caller?: unknown;
}

/** A procedure that is being called. */
interface Run {
  readonly middlewares: readonly Middleware[];
  readonly meta: unknown;
  readonly call: ProcedureCall;
}

/**
 * Calls a procedure; the same as `procedure(call)`. tRPC is compiled for engines without `{ ...object }`: it copies what
 * each middleware is given twice, property by property, and that took two thirds of a call. A procedure that is made in
 * another way than we know is called itself.
 *
 * @throws TRPCError
 */
export function runProcedure(procedure: AnyTRPCProcedure, call: ProcedureCall): Promise<unknown> {
  const { middlewares, meta, experimental_caller: caller } = procedure._def as Definition;
  const isKnown = isOurWay && !caller && areMiddlewares(middlewares);
  return isKnown ? run({ middlewares, meta, call }) : procedure(call);
}

async function run(procedure: Run): Promise<unknown> {
  const { ctx, getRawInput } = procedure.call;
  // A middleware that forgets to answer `next()` answers nothing, whatever its type says.
  const result = (await step(procedure, 0, { ctx, getRawInput, input: undefined })) as Result | undefined;
  if (!result) throw new TRPCError({ code: "INTERNAL_SERVER_ERROR", message: NO_RESULT });
  if (!result.ok) throw result.error;
  return result.data;
}

const NO_RESULT = "No result from middlewares - did you forget to `return next()`?";

/** Calls a middleware, which calls those behind it; the last one is the resolver. Never rejects. */
async function step(procedure: Run, index: number, state: State): Promise<Result> {
  try {
    const { middlewares, meta, call } = procedure;
    const { path, type, signal, batchIndex } = call;
    const { ctx, input, getRawInput } = state;
    const next = (changes?: Partial<State>) => step(procedure, index + 1, changes ? changed(state, changes) : state);
    const middleware = middlewares[index] as Middleware;
    return await middleware({ path, getRawInput, ctx, type, signal, batchIndex, meta, input, next });
  } catch (cause) {
    return failed(getTRPCErrorFromUnknown(cause));
  }
}

function changed({ ctx, input, getRawInput }: State, changes: Partial<State>): State {
  return {
    ctx: changes.ctx ? { ...ctx, ...changes.ctx } : ctx,
    input: "input" in changes ? changes.input : input,
    getRawInput: changes.getRawInput ?? getRawInput,
  };
}

/** tRPC marks what its middlewares answer, for the compiler alone. */
function failed(error: TRPCError): Result & { readonly marker: string } {
  return { ok: false, error, marker: "middlewareMarker" };
}

function areMiddlewares(list: unknown): list is readonly Middleware[] {
  return Array.isArray(list) && list.length > 0 && list.every((each) => typeof each === "function");
}

const OPTIONS = "batchIndex,ctx,getRawInput,input,meta,next,path,signal,type";

/** Whether the tRPC that is installed gives its middlewares what we do. A later one may give them more. */
const isOurWay = optionsOfTRPC().toSorted().join() === OPTIONS;

function optionsOfTRPC(): string[] {
  const given: string[] = [];
  const procedure = initTRPC
    .create()
    .procedure.use((options) => {
      given.push(...Object.keys(options));
      return options.next();
    })
    .query(() => null);
  const options = { path: "", type: "query", ctx: {}, signal: undefined, batchIndex: 0 } as const;
  // Nothing is waited for: a middleware is called at once.
  void procedure({ ...options, getRawInput: async () => undefined });
  return given;
}
