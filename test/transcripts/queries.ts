/* The queries of the transcript, letter by letter: the columns of the errors are counted in them. */

export const ME = "query { me { id username } }";

/** django-graphql-jwt's mutations. */
export const TOKEN_AUTH =
  "mutation($u: String!, $p: String!) { tokenAuth(username: $u, password: $p) { token payload refreshExpiresIn refreshToken } }";
export const VERIFY = "mutation($t: String) { verifyToken(token: $t) { payload } }";
export const REFRESH =
  "mutation($r: String) { refreshToken(refreshToken: $r) { token payload refreshExpiresIn refreshToken } }";
export const LAZY_REFRESH = "mutation($r: String) { refreshToken(refreshToken: $r) { token } }";
export const REVOKE = "mutation($r: String) { revokeToken(refreshToken: $r) { revoked } }";

/** The same in single-token mode. */
export const SINGLE_TOKEN_AUTH =
  "mutation($u: String!, $p: String!) { tokenAuth(username: $u, password: $p) { token payload refreshExpiresIn } }";
export const SINGLE_REFRESH = "mutation($t: String) { refreshToken(token: $t) { token payload refreshExpiresIn } }";

/** strawberry-django-extras' mutations. */
export const REQUEST_TOKEN =
  "mutation($u: String, $p: String) { requestToken(username: $u, password: $p) { token refreshToken { token exp iat } } }";
export const REQUEST_BY_REFRESH =
  "mutation($r: String) { requestToken(refreshToken: $r) { token refreshToken { token exp iat } } }";
export const VERIFY_TIMES = "mutation($t: String!) { verifyToken(token: $t) { exp iat } }";
export const REVOKE_BOOLEAN = "mutation($t: String!) { revokeToken(token: $t) }";

/** What is asked of the schema. */
export const INTROSPECTION = "{ __schema { queryType { name } } }";
