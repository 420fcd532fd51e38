/** What is allowed, in the words of the error messages: class-validator's options for the properties of `JwtSettings`. */

const DURATION = `a duration such as 300 (seconds), "5m", "7 days" or "PT5M"`;
const IMPORT = "or in the environment an import string such as ./handlers.js#name";

/** The claims that have a meaning of their own, so that none of them can hold the username. */
export const OWN_CLAIMS = ["exp", "iat", "nbf", "origIat", "aud", "iss", "jti", "sid"] as const;

export const oneOf = (values: readonly string[]) => ({
  message: `must be one of ${values.join(", ")}`,
});
export const boolean = { message: "must be true or false" };
export const text = { message: "must be text" };
export const textOrList = { message: "must be text or a list of texts" };
export const prefixes = { message: "must be one word or a list of words" };
export const headerName = { message: "must be the name of an HTTP header" };
export const claim = {
  message: `must be letters, digits and underscores, and none of ${OWN_CLAIMS.join(", ")}`,
};
export const duration = { message: `must be ${DURATION}` };
export const lifetime = { message: `must be ${DURATION}, and not 0` };
export const optionalLifetime = { message: `must be none or ${DURATION}, and not 0` };
export const refreshTokenNBytes = { message: "must be a whole number from 16 to 1024" };
export const limit = { message: "must be a whole number, and not 0" };
export const tokenLimit = { message: "must be a whole number from 1 to 10000" };
export const batchLimit = { message: "must be a whole number, 0 for no batches" };
export const attempts = { message: "must be none or a whole number from 1 to 1000000" };
export const handler = { message: `must be a function, ${IMPORT}` };
export const responseHandler = {
  message: `must be jsonResponseHandler, httpResponseHandler or a function, ${IMPORT}`,
};
export const model = { message: `must be a class, ${IMPORT}` };
export const secret = {
  message: "must be text, base64: and the base64 of bytes, an oct JWK, or file: and a path",
};
export const key = {
  message: "must be a PEM, a JWK, the base64 of either or of 32 Ed25519 bytes, or file: and a path",
};
export const keySet = { message: "must be the path of a file" };
export const jwks = {
  message: "must be the path of a file, or a URL with https: (http: on this machine only) and no password in it",
};
export const cookieName = {
  message: "must be a cookie name other than csrftoken: letters, digits, hyphens and underscores",
};
export const cookiePath = { message: "must be a path of ASCII characters that begins with /" };
export const cookieDomain = { message: "must be a domain name" };
export const argumentName = {
  message: "must be a name that GraphQL takes: letters, digits and underscores, not two of them first",
};
