import { type AnyTRPCProcedure, initTRPC, TRPCError } from "@trpc/server";
import { expect } from "chai";
import * as fc from "fast-check";
import { ForbiddenError } from "../../src/errors.js";
import { type ProcedureCall, runProcedure } from "../../src/trpc/run-procedure.js";

/* Our way of calling a procedure, held to tRPC's on procedures that a generator makes up. */

interface Options {
  readonly path: string;
  readonly type: string;
  readonly signal: unknown;
  readonly batchIndex: number;
  readonly ctx: Record<string, unknown>;
  readonly input: unknown;
  readonly meta: unknown;
  readonly getRawInput: () => Promise<unknown>;
  readonly next: (changes?: unknown) => Promise<Result>;
}

interface Result {
  readonly ok: boolean;
  readonly data?: unknown;
}

type Middleware = (options: Options) => Promise<unknown>;

/** tRPC's builder without its types, which allow less than programs do. */
interface Builder {
  readonly _def: object;
  use(middleware: Middleware): Builder;
  input(parser: (value: unknown) => unknown): Builder;
  output(parser: (value: unknown) => unknown): Builder;
  meta(meta: object): Builder;
  errors(formatter: () => object | undefined): Builder;
  experimental_caller(caller: (options: { invoke: unknown }) => unknown): Builder;
  query(resolver: (options: Options) => unknown): AnyTRPCProcedure;
}

const builder = () => initTRPC.create({ isDev: false }).procedure as unknown as Builder;

/** Whatever a program can throw. */
const thrown = fc.constantFrom<() => unknown>(
  () => new Error("an error"),
  () => new TRPCError({ code: "CONFLICT", message: "tRPC's own" }),
  () => new TRPCError({ code: "FORBIDDEN", cause: new ForbiddenError() }),
  () => new ForbiddenError(),
  () => new DOMException("aborted", "AbortError"),
  () => ({ code: "NO_ERROR", message: "an object" }),
  () => "a text",
  () => 7,
  () => null,
  () => undefined,
);
const value = fc.constantFrom<unknown>(undefined, null, 0, "text", [1], { a: 1 }, { a: 2, b: { c: 3 } });

/** What a middleware gives those behind it: what the types allow, and what they do not. */
const changes = fc.oneof(
  fc.constant(undefined),
  fc.record({ ctx: fc.dictionary(fc.constantFrom("user", "more", "__proto__"), value) }),
  fc.record({ input: value }),
  fc.record({ getRawInput: value.map((raw) => async () => raw) }),
  fc.constantFrom<unknown>({ ctx: undefined }, { ctx: null, input: 1 }, {}, null, 0, 5, { ctx: "ab" }, { meta: 1 }),
);

const middleware: fc.Arbitrary<Middleware> = fc.oneof(
  {
    weight: 6,
    arbitrary: changes.map(
      (given): Middleware =>
        async ({ next }) =>
          next(given),
    ),
  },
  changes.map((given): Middleware => async ({ next }) => ({ ...(await next(given)), more: true })),
  // Afterwards, in the place of what there was, and twice.
  value.map((data): Middleware => async ({ next }) => ({ ...(await next()), ok: true, data })),
  changes.map(
    (given): Middleware =>
      async ({ next }) => (await next(given), next()),
  ),
  value.map(
    (answer): Middleware =>
      async () =>
        answer,
  ),
  thrown.map(
    (make): Middleware =>
      async () =>
        thrower(make()),
  ),
  thrown.map(
    (make): Middleware =>
      () =>
        thrower(make()),
  ),
  thrown.map(
    (make): Middleware =>
      async ({ next }) => (await next(), thrower(make())),
  ),
  // Changes what is its own.
  value.map((input): Middleware => async (options) => {
    Object.assign(options, { input, ctx: null, getRawInput: null });
    return options.next();
  }),
);

type Seen = unknown[];

/** Notes what a middleware is given, and what those behind it answer. */
function noting(inner: Middleware, seen: Seen): Middleware {
  return (options) => {
    const { next, getRawInput, ...others } = options;
    seen.push(["given", Object.keys(options).toSorted(), { ...others }]);
    return inner({
      ...options,
      next: async (given) => {
        const result = await next(given);
        seen.push(["answered", shownResult(result), await getRawInput().then((raw) => ["raw", raw], shown)]);
        return result;
      },
    });
  };
}

type Step = (built: Builder, seen: Seen) => Builder;

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: middleware.map(
      (each): Step =>
        (built, seen) =>
          built.use(noting(each, seen)),
    ),
  },
  { weight: 2, arbitrary: fc.constant<Step>((built) => built.input((input) => input)) },
  value.map(
    (parsed): Step =>
      (built) =>
        built.input(() => parsed),
  ),
  thrown.map(
    (make): Step =>
      (built) =>
        built.input(() => thrower(make())),
  ),
  value.map((parsed) => withOutput(() => parsed)),
  thrown.map((make) => withOutput(() => thrower(make()))),
  fc.constant<Step>((built) => built.meta({ marked: true })),
  fc.constantFrom({ message: "shaped", code: -32600, data: {} }, undefined).map(
    (shape): Step =>
      (built) =>
        built.errors(() => shape),
  ),
);

/** tRPC takes one for a procedure. */
function withOutput(parser: () => unknown): Step {
  return (built) => ("output" in built._def ? built : built.output(parser));
}

const resolver = fc.oneof(
  fc.constant(({ input, ctx, meta, path }: Options): unknown => ({ input, ctx: { ...ctx }, meta, path })),
  fc.constant(async ({ getRawInput }: Options): Promise<unknown> => getRawInput()),
  value.map((data) => () => data),
  thrown.map((make) => () => thrower(make())),
  thrown.map((make) => async () => thrower(make())),
);

const rawInput = fc.oneof(
  value.map((input) => async () => input),
  thrown.map((make) => async () => thrower(make())),
);

function thrower(error: unknown): never {
  throw error;
}

function shown(error: unknown): unknown {
  if (!(error instanceof Error)) return ["no error", error];
  const { name, message, cause } = error;
  // tRPC hides the shape behind a symbol.
  const hidden = Object.getOwnPropertySymbols(error).map((symbol) => (error as never)[symbol]);
  return [name, message, (error as { code?: unknown }).code, cause === undefined ? null : shown(cause), hidden];
}

function shownResult(result: unknown): unknown {
  if (typeof result !== "object" || result === null || !("error" in result)) return result;
  return { ...result, error: shown(result.error) };
}

const CALL = { path: "a.b", type: "query", ctx: { user: "alice", n: 1 }, signal: undefined, batchIndex: 2 } as const;

async function outcome(work: () => Promise<unknown>): Promise<unknown> {
  return work().then((data) => ["data", data], shown);
}

const calledItself = (procedure: AnyTRPCProcedure, call: ProcedureCall) => procedure(call) as Promise<unknown>;

describe("running a procedure", () => {
  it("is calling it, whatever its middlewares do", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 6 }), resolver, rawInput, async (steps, resolve, getRawInput) => {
        const runs = [calledItself, runProcedure].map(async (call) => {
          const seen: Seen = [];
          const built = steps.reduce((before, add) => add(before, seen), builder());
          const noted = (options: Options) => {
            seen.push(["resolver", Object.keys(options).toSorted(), options.input]);
            return resolve(options);
          };
          return { outcome: await outcome(() => call(built.query(noted), { ...CALL, getRawInput })), seen };
        });
        const [theirs, ours] = await Promise.all(runs);
        expect(ours).to.deep.equal(theirs);
      }),
      { numRuns: 1000 },
    );
  });

  const call: ProcedureCall = { ...CALL, getRawInput: async () => "raw" };
  const instead = async () => "called";

  it("does without the procedure itself, in the tRPC that is installed", async () => {
    const { _def } = builder().query(({ ctx }) => ctx);
    const procedure = Object.assign(instead, { _def }) as unknown as AnyTRPCProcedure;
    expect(await runProcedure(procedure, call)).to.equal(CALL.ctx);
  });

  for (const [name, def] of Object.entries({
    "no middlewares": {},
    "an empty list of middlewares": { middlewares: [] },
    "middlewares that are no functions": { middlewares: [{ run: instead }] },
    "middlewares in another kind of list": { middlewares: new Set([instead]) },
  })) {
    it(`calls a procedure itself that has ${name}`, async () => {
      const procedure = Object.assign(async () => "called", { _def: def }) as unknown as AnyTRPCProcedure;
      expect(await runProcedure(procedure, call)).to.equal("called");
    });
  }

  it("calls a procedure itself that has another caller", async () => {
    const procedure = builder()
      .experimental_caller(async () => "called")
      .query(() => "resolved");
    expect(await runProcedure(procedure, call)).to.equal("called");
  });
});
