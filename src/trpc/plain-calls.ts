import {
  type AnyTRPCProcedure,
  type AnyTRPCRootTypes,
  type AnyTRPCRouter,
  getTRPCErrorFromUnknown,
  getTRPCErrorShape,
  TRPCError,
  type TRPCErrorShape,
  type TRPCRootConfig,
} from "@trpc/server";
import { getHTTPStatusCode } from "@trpc/server/http";
import type { HttpResponse } from "../http-response.js";
import type { AuthContext } from "../request/context.js";
import { rawInputs, type RawInputs } from "./raw-inputs.js";
import { runProcedure } from "./run-procedure.js";

/** Queries and mutations of one request, in JSON and answered at once: what nearly every request to tRPC is. */
export interface PlainCalls {
  readonly type: "query" | "mutation";
  readonly isBatch: boolean;
  readonly calls: readonly { readonly path: string; readonly procedure: AnyTRPCProcedure }[];
  /** The JSON with the inputs, if it stands in the URL. */
  readonly inputText: string | null;
}

/** What is called for, and around it. */
export interface PlainCallsParts {
  readonly router: AnyTRPCRouter;
  readonly context: AuthContext;
  /** Is told every error, the client's too. */
  readonly onError: (error: TRPCError) => void;
  /** Headers of the answer beside tRPC's own. */
  readonly headersFor: (errors: readonly TRPCError[]) => Readonly<Record<string, string>>;
}

/** Names of procedures with commas: nothing in them is escaped. */
const PATHS = /^[\w.,-]+$/;

/** What a query string is made of (RFC 3986, section 3.4), and a little more that some clients do not escape. */
const PRINTABLE = /^[\x21-\x7e]*$/;

/**
 * Reads what a request to tRPC calls for; null for whatever tRPC's own adapter has to answer: streams, subscriptions,
 * procedures that are none or not of this method, several kinds in one batch, and everything that is spelled unusually.
 *
 * @param router without a transformer, whose queries and mutations answer data and no streams
 * @param target the URL behind the address of the router, for example `auth.me?batch=1&input=…`
 */
export function readPlainCalls(
  router: AnyTRPCRouter,
  { method, target, maxBatchSize }: { method: string | undefined; target: string; maxBatchSize: number },
): PlainCalls | null {
  const question = target.indexOf("?");
  const path = question === -1 ? target : target.slice(0, question);
  if (!PATHS.test(path)) return null;
  const type = method === "GET" ? "query" : "mutation";
  if (question === -1) return plainCalls(router, [path], { type, isBatch: false, inputText: null });
  const search = target.slice(question + 1);
  if (!PRINTABLE.test(search) || search.includes("#")) return null;
  const parameters = new URLSearchParams(search);
  if (parameters.has("connectionParams")) return null;
  const isBatch = parameters.get("batch") === "1";
  const paths = isBatch ? path.split(",") : [path];
  if (paths.length > maxBatchSize) return null;
  return plainCalls(router, paths, { type, isBatch, inputText: parameters.get("input") });
}

/** Null if one of them is no procedure, or of another type. */
function plainCalls(
  router: AnyTRPCRouter,
  paths: readonly string[],
  { type, isBatch, inputText }: Omit<PlainCalls, "calls">,
): PlainCalls | null {
  const calls: { path: string; procedure: AnyTRPCProcedure }[] = [];
  for (const path of paths) {
    const procedure = procedureOf(router, path);
    if (procedure?._def.type !== type) return null;
    calls.push({ path, procedure });
  }
  return { type, isBatch, calls, inputText };
}

/**
 * Makes the calls, and answers as tRPC's adapters do, to the byte: only that nothing is wrapped into objects of the Fetch
 * API on the way, which cost ten times as much as the calls.
 *
 * @param text the JSON with the inputs
 */
export async function answerPlainCalls(calls: PlainCalls, text: string, parts: PlainCallsParts): Promise<HttpResponse> {
  const inputs = rawInputs(text, calls);
  const { type } = calls;
  const calling = calls.calls.map(({ procedure, path }, index) =>
    call(procedure, { path, type, index, inputs }, parts),
  );
  const [first, ...others] = calling;
  const results = first && others.length === 0 ? [await first] : await Promise.all(calling);
  const errors = results.map(({ error }) => error);
  const failures = errors.filter((error) => error !== undefined);
  const config = parts.router._def._config as TRPCRootConfig<AnyTRPCRootTypes>;
  const shown = results.map(({ error, data }, index): Shown => {
    if (!error) return { result: { data } };
    const path = calls.calls[index]?.path;
    const failed = { config, ctx: parts.context, error, input: inputs.known(index), path, type };
    return { error: getTRPCErrorShape(failed) as TRPCErrorShape };
  });
  return {
    status: failures.length === 0 ? 200 : getHTTPStatusCode(shown, errors),
    headers: Object.assign({}, parts.headersFor(failures), { vary: "trpc-accept, accept" }),
    body: JSON.stringify(calls.isBatch ? shown : shown[0]),
  };
}

type Shown = { readonly result: { readonly data: unknown } } | { readonly error: TRPCErrorShape };

interface Outcome {
  readonly data?: unknown;
  readonly error?: TRPCError;
}

interface Place {
  readonly path: string;
  readonly type: PlainCalls["type"];
  readonly index: number;
  readonly inputs: RawInputs;
}

async function call(
  procedure: AnyTRPCProcedure,
  { path, type, index, inputs }: Place,
  { context, onError }: PlainCallsParts,
): Promise<Outcome> {
  try {
    const data: unknown = await runProcedure(procedure, {
      path,
      getRawInput: () => inputs.read(index),
      ctx: context,
      type,
      signal: undefined,
      batchIndex: index,
    });
    return { data };
  } catch (cause) {
    const error = getTRPCErrorFromUnknown(cause);
    onError(error);
    return { error };
  }
}

/** The procedure of this name, if it is loaded. */
function procedureOf(router: AnyTRPCRouter, path: string): AnyTRPCProcedure | undefined {
  const procedures = router._def.procedures as Readonly<Record<string, AnyTRPCProcedure>>;
  return Object.hasOwn(procedures, path) ? procedures[path] : undefined;
}
