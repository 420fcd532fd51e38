/** A JSON Web Token or the beginning of one: its header is a JSON object, `{"` in base64url. */
const JWT = /\beyJ[\w-]{8,}(?:\.[\w-]*)*/g;

/** A refresh token: 52 bytes in base64url at the least. Nothing else in a log is one word of that length. */
const LONG_WORD = /[\w-]{64,}/g;

/** Takes tokens out of a text that others wrote: a handler of one's own may put what it was given into its error. */
export function withoutTokens(text: string): string {
  return text.replace(JWT, "[token]").replace(LONG_WORD, "[token]");
}
