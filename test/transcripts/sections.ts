/*
 * The ancestors, django-graphql-jwt (A to F) and strawberry-django-extras (G to L), were run and their HTTP traffic was
 * written down. The suites of this directory send the same requests to our server: one `it` for each case, under its
 * section and with its name. Where our answer is another on purpose, the name says so: "[differs: …]".
 *
 * What differs in every case, and is not repeated: each error has a code in its `extensions`; refresh tokens are 75
 * characters of base64url, not 40 hexadecimal digits; graphql-js quotes names with " where graphql-core writes '; where
 * the ancestors' test applications had a field `hello`, the requests ask for `__typename`, which is as unprotected.
 */

/** A section of the transcript: its title there, and the settings that it was recorded with. */
export interface Section {
  readonly title: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** Of every section, unless it says otherwise. Access tokens lived for an hour. */
const COMMON = {
  JWT_PROFILE: "documented",
  JWT_VERIFY_EXPIRATION: "true",
  JWT_EXPIRATION_DELTA: "3600",
  JWT_LONG_RUNNING_REFRESH_TOKEN: "true",
};
const SINGLE_TOKEN = { ...COMMON, JWT_LONG_RUNNING_REFRESH_TOKEN: "false" };
/** strawberry-django-extras guards introspection unless it is told not to. */
const STRAWBERRY = { JWT_MUTATIONS: "strawberry", JWT_AUTHENTICATE_INTROSPECTION: "true" };

export const A: Section = {
  title: "A. django-graphql-jwt, long-running refresh tokens, JWT_REUSE_REFRESH_TOKENS=False",
  settings: COMMON,
};

export const B: Section = {
  title: "B. django-graphql-jwt, JWT_REUSE_REFRESH_TOKENS=True",
  settings: { ...COMMON, JWT_REUSE_REFRESH_TOKENS: "true" },
};

export const C: Section = {
  title: "C. django-graphql-jwt, JWT_VERIFY_EXPIRATION=True, access 1 s, refresh 3 s",
  settings: { ...COMMON, JWT_EXPIRATION_DELTA: "1", JWT_REFRESH_EXPIRATION_DELTA: "3" },
};

export const D: Section = {
  title: "D. django-graphql-jwt, JWT_VERIFY_EXPIRATION=False (the default), access 1 s",
  settings: { ...COMMON, JWT_VERIFY_EXPIRATION: "false", JWT_EXPIRATION_DELTA: "1" },
};

/** Four seconds from `origIat`, with access tokens of an hour: ours does not start with these. */
export const REFUSED_LIMIT = { ...SINGLE_TOKEN, JWT_REFRESH_EXPIRATION_DELTA: "4" };

export const E: Section = {
  title:
    "E. django-graphql-jwt, single-token refresh (JWT_LONG_RUNNING_REFRESH_TOKEN=False), refresh limit from origIat",
  settings: { ...SINGLE_TOKEN, JWT_REFRESH_EXPIRATION_DELTA: "3600" },
};

export const F: Section = {
  title: "F. django-graphql-jwt, single token, JWT_ALLOW_REFRESH=False",
  settings: { ...SINGLE_TOKEN, JWT_ALLOW_REFRESH: "false" },
};

export const G: Section = {
  title: "G. strawberry-django-extras, long-running refresh tokens, JWT_REUSE_REFRESH_TOKENS=False, JSON 401 handler",
  settings: { ...COMMON, ...STRAWBERRY },
};

export const H: Section = {
  title: "H. strawberry-django-extras, JWT_REUSE_REFRESH_TOKENS=True, plain-text 401 handler (default)",
  settings: {
    ...COMMON,
    ...STRAWBERRY,
    JWT_REUSE_REFRESH_TOKENS: "true",
    JWT_UNAUTHORIZED_RESPONSE_HANDLER: "httpResponseHandler",
  },
};

export const I: Section = {
  title: "I. strawberry-django-extras, JWT_AUTHENTICATE_INTROSPECTION=True set explicitly, JWT_VERIFY_EXPIRATION=False",
  settings: { ...COMMON, ...STRAWBERRY, JWT_VERIFY_EXPIRATION: "false", JWT_EXPIRATION_DELTA: "1" },
};

export const J: Section = {
  title: "J. strawberry-django-extras, JWT_AUTHENTICATE_INTROSPECTION=False",
  settings: { ...COMMON, ...STRAWBERRY, JWT_AUTHENTICATE_INTROSPECTION: "false" },
};

export const K: Section = {
  title: "K. strawberry-django-extras, single token (LONG_RUNNING False), refresh limit from origIat",
  settings: { ...SINGLE_TOKEN, ...STRAWBERRY, JWT_REFRESH_EXPIRATION_DELTA: "3600" },
};

export const L: Section = {
  title: "L. strawberry-django-extras, JWT_ALLOW_REFRESH=False",
  settings: { ...SINGLE_TOKEN, ...STRAWBERRY, JWT_ALLOW_REFRESH: "false" },
};
