import type { RequestParams } from "graphql-http";
import { JSON_TYPES } from "../json-types.js";
import { headerValue, type RequestInfo } from "../request-info.js";
import { isRecord } from "../is-record.js";
import type { ReadBody } from "./request-params.js";

/**
 * The parameters of a request as nearly all clients send it, without waiting and for less than half of what graphql-http
 * takes; null for one with anything in it that is unusual or could be wrong. It refuses nothing, and what it admits is
 * what graphql-http reads.
 */
export function usualParams(request: RequestInfo, body: ReadBody): RequestParams | null {
  if (request.method !== "POST" || typeof body !== "string") return null;
  if (!JSON_TYPES.has(headerValue(request, "content-type"))) return null;
  const { query, operationName, variables, extensions } = parsedRecord(body) ?? {};
  if (typeof query !== "string" || !isTextOrAbsent(operationName)) return null;
  if (!isRecordOrAbsent(variables) || !isRecordOrAbsent(extensions)) return null;
  return { operationName, query, variables, extensions };
}

function parsedRecord(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function isTextOrAbsent(value: unknown): value is string | null | undefined {
  return typeof value === "string" || value === undefined || value === null;
}

function isRecordOrAbsent(value: unknown): value is Record<string, unknown> | null | undefined {
  return value === undefined || value === null || isRecord(value);
}
