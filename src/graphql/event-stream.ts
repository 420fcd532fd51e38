import { type ExecutionResult, type GraphQLSchema, OperationTypeNode } from "graphql";
import type { ConnectionOperation } from "../auth/connection-operation.js";
import { StoppableStream } from "../auth/stoppable-stream.js";
import { publicError } from "../public-error.js";
import type { HttpResponse } from "../http-response.js";
import { openConnection } from "../request/connect.js";
import { headerValue, type RequestInfo } from "../request-info.js";
import { type SetTimer, unrefTimer } from "../timer.js";
import { formatError } from "./format-error.js";
import type { GraphQLRequest } from "./handler.js";
import { executeOperation, Operations, type PreparedOperation, shownResult, subscribeOperation } from "./operations.js";
import { readOrRefuse, readParams } from "./request-params.js";
import { mutationByGet } from "./run-operation.js";
import { acceptsEventStreamOnly, errorAnswer, type ShownResult } from "./response.js";

/** How often something is sent, so that proxies, and the server, see whether the other side is still there, milliseconds. */
export const EVENT_STREAM_PING = 12_000;

const HEADERS = {
  "content-type": "text/event-stream; charset=utf-8",
  // A proxy that collects an answer, or changes it, would hold back what happens.
  "cache-control": "no-store, no-transform",
  "x-accel-buffering": "no",
};

/** An answer that goes on until the subscription ends. */
export interface EventStreamResponse {
  readonly status: 200;
  readonly headers: Readonly<Record<string, string>>;
  /** The pieces to send. Call `return()` when the client has gone. */
  readonly body: AsyncGenerator<string, undefined>;
}

/**
 * Answers a GraphQL request with a stream, or with an error. Never rejects for anything that a client sends. Queries and mutations
 * are done when it resolves, so that the cookies they have set can stand in the head of the stream.
 */
export type EventStreamHandler = (request: GraphQLRequest) => Promise<HttpResponse | EventStreamResponse>;

/**
 * Whether a request is for `createEventStreamHandler`: whether it accepts an event stream, and no JSON. What else it accepts does
 * not matter: urql asks for `text/event-stream, multipart/mixed`.
 */
export function wantsEventStream(request: RequestInfo): boolean {
  return acceptsEventStreamOnly(headerValue(request, "accept") ?? "");
}

/**
 * Makes the handler of GraphQL subscriptions over Server-Sent Events: the "distinct connections mode" of graphql-sse's
 * protocol, one operation a request. (Its other mode keeps state between requests in one server process.)
 */
export function createEventStreamHandler(
  schema: GraphQLSchema,
  { operations = new Operations(schema), setTimer = unrefTimer }: { operations?: Operations; setTimer?: SetTimer } = {},
): EventStreamHandler {
  return async (request) => {
    try {
      return await answer(operations, request, setTimer);
    } catch (error) {
      const told = publicError(error);
      if (told.status >= 500) request.onServerError(error);
      return errorAnswer(told);
    }
  };
}

/** @throws TooManyConnectionsError, ServiceUnavailableError, and what a `complexity` function of the host application throws */
async function answer(
  operations: Operations,
  request: GraphQLRequest,
  setTimer: SetTimer,
): Promise<HttpResponse | EventStreamResponse> {
  const read = await readOrRefuse(request.body);
  if ("refused" in read) return read.refused;
  const params = await readParams(request.request, read.body);
  if ("status" in params) return params;
  const prepared = operations.prepare(params, request.context);
  if ("errors" in prepared) {
    const errors = prepared.errors.map((error) => formatError(error, request.onServerError));
    return streamOf({ results: oneOf({ errors }), close: () => undefined }, setTimer);
  }
  if (prepared.type === OperationTypeNode.MUTATION && request.request.method === "GET") return mutationByGet();
  return streamOf(await open(prepared, request), setTimer);
}

/** The results of one operation, as clients see them, and what to call when nobody reads them any more. */
interface Results {
  readonly results: AsyncIterable<ShownResult>;
  readonly close: () => void;
}

async function open(prepared: PreparedOperation, request: GraphQLRequest): Promise<Results> {
  const context = openConnection(request.context);
  const { connection } = context;
  try {
    const operation = connection.start();
    const args = { ...prepared.args, contextValue: { ...context, operation } };
    const results = await resultsOf({ ...prepared, args }, operation);
    return { results: shown(results, request.onServerError), close: () => connection.close() };
  } catch (error) {
    connection.close();
    throw error;
  }
}

async function resultsOf(
  prepared: PreparedOperation,
  operation: ConnectionOperation,
): Promise<AsyncIterable<ExecutionResult>> {
  const isSubscription = prepared.type === OperationTypeNode.SUBSCRIPTION;
  const result = isSubscription ? await subscribeOperation(prepared) : await executeOperation(prepared);
  return operation.guard(Symbol.asyncIterator in result ? result : oneOf(result), { atTheEnd: "fail" });
}

/** What goes wrong from here on, and what the end of the connection is, is a result too: the client is listening. */
async function* shown(results: AsyncIterable<ExecutionResult>, onServerError: GraphQLRequest["onServerError"]) {
  try {
    for await (const result of results) yield shownResult(result, onServerError);
  } catch (error) {
    const { code, message, status } = publicError(error);
    if (status >= 500) onServerError(error);
    yield { errors: [{ message, extensions: { code } }] };
  }
}

function streamOf({ results, close }: Results, setTimer: SetTimer): EventStreamResponse {
  return { status: 200, headers: HEADERS, body: new StoppableStream(events(results, setTimer), close) };
}

async function* events(results: AsyncIterable<ShownResult>, setTimer: SetTimer): AsyncGenerator<string> {
  // Some browsers take an answer for open only when something has come.
  yield ":\n\n";
  for await (const result of withPings(results, setTimer)) {
    yield result === null ? ":\n\n" : `event: next\ndata: ${JSON.stringify(result)}\n\n`;
  }
  yield "event: complete\ndata:\n\n";
}

/** The values of a stream, and null whenever there was none for a while. */
async function* withPings<T>(values: AsyncIterable<T>, setTimer: SetTimer): AsyncGenerator<T | null> {
  const iterator = values[Symbol.asyncIterator]();
  let next = iterator.next();
  for (;;) {
    let cancel = (): void => {};
    const silence = new Promise<null>((resolve) => (cancel = setTimer(() => resolve(null), EVENT_STREAM_PING)));
    const result = await Promise.race([next, silence]).finally(() => cancel());
    if (result?.done) return;
    if (result) next = iterator.next();
    yield result && result.value;
  }
}

async function* oneOf<T>(value: T): AsyncGenerator<T> {
  yield value;
}
