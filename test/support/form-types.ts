/**
 * The Content-Type that a page of another site can send without asking first (CORS): of a form in each of its encodings,
 * and in each spelling that could be taken for JSON. Several are several headers.
 */
export const FORM_TYPES: readonly (readonly string[])[] = [
  ["text/plain"],
  ["text/plain;charset=UTF-8"],
  ["text/plain; application/json"],
  ["text/plain; charset=application/json"],
  ["application/x-www-form-urlencoded"],
  ["application/x-www-form-urlencoded; application/json"],
  ["multipart/form-data; boundary=x"],
  ["multipart/form-data; boundary=application/json"],
  [""],
  [],
  ["text/plain", "application/json"],
  ["text/plain, application/json"],
];
