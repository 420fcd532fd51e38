import { jsonRefusal } from "../support/unauthorized-answers.js";

/** An answer as the transcript has it. */
export interface Answer {
  readonly status: number;
  readonly type: string;
  readonly body: unknown;
}

type Variables = Readonly<Record<string, unknown>>;
type Headers = Readonly<Record<string, string>>;

const JSON_TYPE = "application/json; charset=utf-8";

/** Sends a GraphQL request as the transcript's client did: POST, JSON, taking whatever media type is answered. */
export function ask(server: { url: string }, query: string, variables?: Variables, headers?: Headers): Promise<Answer> {
  return send(`${server.url}/graphql`, { query, ...(variables && { variables }) }, headers);
}

/** The same with a token in the header. */
export function askWith(server: { url: string }, token: string, query: string): Promise<Answer> {
  return ask(server, query, {}, { authorization: `JWT ${token}` });
}

/** Posts anything; text is sent as it is. */
export async function send(url: string, body: unknown, headers: Headers = {}): Promise<Answer> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return read(response);
}

/** An answer, its body parsed if it is JSON. */
export async function read(response: Response): Promise<Answer> {
  const type = response.headers.get("content-type") ?? "";
  const text = await response.text();
  return { status: response.status, type, body: type.includes("json") ? JSON.parse(text) : text };
}

/** The answer with this data and no errors. */
export function data(expected: Readonly<Record<string, unknown>>): Answer {
  return { status: 200, type: JSON_TYPE, body: { data: expected } };
}

/** The tokens, or whatever else is text, that a mutation answered; empty where it was refused. */
export function answered({ body }: Answer, field: string): Readonly<Record<string, string>> {
  const { data: fields } = body as { data: Readonly<Record<string, Readonly<Record<string, string>> | null>> | null };
  return fields?.[field] ?? {};
}

/** An error as it is shown of a field in the first line. */
export function fieldError(field: string, message: string, code: string, column: number): object {
  return { message, locations: [{ line: 1, column }], path: [field], extensions: { code } };
}

/** django-graphql-jwt's answer to a mutation that is refused. The field may be null. */
export function refused(field: string, message: string, code: string, column = 24): Answer {
  return {
    status: 200,
    type: JSON_TYPE,
    body: { errors: [fieldError(field, message, code, column)], data: { [field]: null } },
  };
}

/** strawberry-django-extras' answer to a mutation that is refused. The field may not be null, so nothing is left. */
export function refusedWhole(field: string, message: string, code: string, column = 24): Answer {
  return { status: 200, type: JSON_TYPE, body: { errors: [fieldError(field, message, code, column)], data: null } };
}

/** The answer to a request that is not executed. */
export function invalid(code: string, ...errors: readonly [message: string, column?: number][]): Answer {
  const shown = errors.map(([message, column]) => ({
    message,
    ...(column !== undefined && { locations: [{ line: 1, column }] }),
    extensions: { code },
  }));
  return { status: 400, type: JSON_TYPE, body: { errors: shown } };
}

/** The answer of the 401 handler, whatever was asked for. */
export function unauthorized(message: "Invalid token" | "Token expired"): Answer {
  return { status: 401, type: JSON_TYPE, body: jsonRefusal(message) };
}

/** The name of a case whose answer is another than the ancestor's, and why. */
export function differs(name: string, reason: string): string {
  return `${name} [differs: ${reason}]`;
}
