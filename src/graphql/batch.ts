import type { HttpResponse } from "../http-response.js";
import { headerValue, type RequestInfo } from "../request-info.js";
import { isRecord } from "../is-record.js";
import { type ReadBody, refusal } from "./request-params.js";

/** Headers that every answer has, whatever became of it. */
const COMMON: ReadonlySet<string> = new Set(["content-type", "cache-control"]);

/** The operations of a request whose body is a JSON array; undefined for every other request. */
export function batchOf(request: RequestInfo, body: ReadBody): readonly unknown[] | undefined {
  const parsed = typeof body === "string" ? parsedArray(body) : (body as unknown);
  if (!Array.isArray(parsed) || request.method !== "POST") return undefined;
  return isJson(headerValue(request, "content-type")) ? (parsed as unknown[]) : undefined;
}

/**
 * Answers the operations of a batch in one array, in their order. They run one after the other, so that a batch is no
 * way to more of the server at once than other requests have, and what one changes the next one sees.
 *
 * The status is the one that all answers have, or else 200: every item says itself what became of it.
 *
 * @param limit most operations, 0 for no batches
 */
export async function answerBatch(
  items: readonly unknown[],
  limit: number,
  answer: (item: ReadBody) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  if (limit === 0) return refusal("BAD_REQUEST", "Batches are not allowed: send one operation in a request");
  if (items.length > limit) return refusal("BAD_REQUEST", `A batch must not have more than ${limit} operations`);
  const answers: HttpResponse[] = [];
  for (const item of items) answers.push(await answer(isRecord(item) ? item : {}));
  const [first, ...others] = answers;
  if (!first) return refusal("BAD_REQUEST", "A batch must have an operation");
  const body = `[${answers.map((one) => one.body).join(",")}]`;
  const uniform = others.every(({ status }) => status === first.status);
  if (uniform) return { ...first, body };
  const executed = answers.find(({ status }) => status === 200) ?? first;
  return { status: 200, headers: commonHeaders(executed), body };
}

/** What is there of one answer alone, such as `Retry-After`, is not of all. */
function commonHeaders({ headers }: HttpResponse): HttpResponse["headers"] {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => COMMON.has(name)));
}

function isJson(contentType: string | undefined): boolean {
  return /^\s*application\/json\s*(;|$)/i.test(contentType ?? "");
}

/** Only what begins as an array is parsed here: everything else is parsed where it is read. */
function parsedArray(text: string): unknown {
  if (!/^\s*\[/.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
