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
  const search = question === -1 ? "" : target.slice(question + 1);
  if (!PATHS.test(path) || !PRINTABLE.test(search) || search.includes("#")) return null;
  const parameters = search === "" ? null : new URLSearchParams(search);
  if (parameters?.has("connectionParams")) return null;
  const isBatch = parameters?.get("batch") === "1";
  const paths = isBatch ? path.split(",") : [path];
  if (paths.length > maxBatchSize) return null;
  const type = method === "GET" ? "query" : "mutation";
  const calls = paths.flatMap((name) => {
    const procedure = procedureOf(router, name);
    return procedure?._def.type === type ? [{ path: name, procedure }] : [];
  });
  if (calls.length < paths.length) return null;
  return { type, isBatch, calls, inputText: parameters?.get("input") ?? null };
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
  const results = await Promise.all(
    calls.calls.map(({ procedure, path }, index) => call(procedure, { path, type, index, inputs }, parts)),
  );
  const errors = results.map(({ error }) => error);
  const config = parts.router._def._config as TRPCRootConfig<AnyTRPCRootTypes>;
  const shown = results.map(({ error, data }, index): Shown => {
    if (!error) return { result: { data } };
    const path = calls.calls[index]?.path;
    const failed = { config, ctx: parts.context, error, input: inputs.known(index), path, type };
    return { error: getTRPCErrorShape(failed) as TRPCErrorShape };
  });
  return {
    status: getHTTPStatusCode(shown, errors),
    headers: Object.assign({}, parts.headersFor(errors.filter((error) => error !== undefined)), {
      vary: "trpc-accept, accept",
    }),
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
