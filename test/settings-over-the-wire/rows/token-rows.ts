import { SECRET_KEY } from "../../support/forge.js";
import { NOW, PASSWORD } from "../../support/test-context.js";
import { PAIRS } from "../../settings/sample-keys.js";
import { claimsOf, headerOf, isSignedBy, sign } from "../jwt.js";
import { row } from "../row.js";
import { outcomeOf, type WireClient } from "../wire-client.js";

const { privatePem, publicPem } = PAIRS.ed25519;

const OTHER_SECRET = "another secret, which is as long as it has to be for HS256";
const OLDEST_SECRET = "the oldest secret that anybody still has a token of";

const claims = async (client: WireClient) => claimsOf(await client.newToken());

/** A token as another holder of a key would make it, for the user of the client. */
function ownToken(client: WireClient, claimsBeside: object = {}, key = SECRET_KEY): string {
  return sign({ username: client.username, exp: NOW + 60, ...claimsBeside }, key);
}

/** What is in an access token, and which tokens are accepted. */
export const TOKEN_ROWS = [
  row({
    setting: "profile",
    value: { environment: "hardened", code: "hardened" },
    look: async (client) => {
      const token = await client.newToken();
      return { typ: headerOf(token)["typ"], claims: Object.keys(claimsOf(token)).toSorted() };
    },
    byDefault: { typ: "JWT", claims: ["exp", "origIat", "username"] },
    instead: { typ: "at+jwt", claims: ["exp", "jti", "origIat", "sid", "username"] },
  }),
  row({
    setting: "algorithm",
    value: { environment: "HS512", code: "HS512" },
    look: async (client) => ({
      alg: headerOf(await client.newToken())["alg"],
      aTokenOfHS256: await client.whoIs(ownToken(client)),
    }),
    byDefault: { alg: "HS256", aTokenOfHS256: "the user" },
    instead: { alg: "HS512", aTokenOfHS256: "401 Invalid token" },
  }),
  ...[
    { environment: "web", code: "web", audience: "web" as unknown },
    { environment: "web, mobile", code: ["web", "mobile"], audience: ["web", "mobile"] },
  ].map(({ audience, ...value }) =>
    row({
      setting: "audience",
      value,
      look: async (client) => ({
        aud: (await claims(client))["aud"],
        aTokenWithoutAud: await client.whoIs(ownToken(client)),
        aTokenForWeb: await client.whoIs(ownToken(client, { aud: "web" })),
      }),
      byDefault: { aud: undefined, aTokenWithoutAud: "the user", aTokenForWeb: "401 Invalid token" },
      instead: { aud: audience, aTokenWithoutAud: "401 Invalid token", aTokenForWeb: "the user" },
    }),
  ),
  row({
    setting: "issuer",
    value: { environment: "https://janus.example", code: "https://janus.example" },
    look: async (client) => ({
      iss: (await claims(client))["iss"],
      aTokenWithoutIss: await client.whoIs(ownToken(client)),
      aTokenOfJanus: await client.whoIs(ownToken(client, { iss: "https://janus.example" })),
    }),
    byDefault: { iss: undefined, aTokenWithoutIss: "the user", aTokenOfJanus: "the user" },
    instead: { iss: "https://janus.example", aTokenWithoutIss: "401 Invalid token", aTokenOfJanus: "the user" },
  }),
  row({
    setting: "leeway",
    value: { environment: "30 s", code: "PT30S" },
    given: { JWT_VERIFY_EXPIRATION: "true" },
    look: async (client) => ({
      expired20SecondsAgo: await client.whoIs(ownToken(client, { exp: NOW - 20 })),
      expired30SecondsAgo: await client.whoIs(ownToken(client, { exp: NOW - 30 })),
      validIn20Seconds: await client.whoIs(ownToken(client, { nbf: NOW + 20 })),
      issuedIn20Seconds: await client.whoIs(ownToken(client, { iat: NOW + 20 })),
    }),
    byDefault: {
      expired20SecondsAgo: "401 Token expired",
      expired30SecondsAgo: "401 Token expired",
      validIn20Seconds: "401 Invalid token",
      issuedIn20Seconds: "401 Invalid token",
    },
    instead: {
      expired20SecondsAgo: "the user",
      expired30SecondsAgo: "401 Token expired",
      validIn20Seconds: "the user",
      issuedIn20Seconds: "the user",
    },
  }),
  row({
    setting: "secretKey",
    value: { environment: OTHER_SECRET, code: OTHER_SECRET },
    look: async (client) => {
      const token = await client.newToken();
      return {
        signedByTheApplicationsSecret: isSignedBy(token, SECRET_KEY),
        signedByTheOther: isSignedBy(token, OTHER_SECRET),
        aTokenOfTheOther: await client.whoIs(ownToken(client, {}, OTHER_SECRET)),
      };
    },
    byDefault: {
      signedByTheApplicationsSecret: true,
      signedByTheOther: false,
      aTokenOfTheOther: "401 Invalid token",
    },
    instead: { signedByTheApplicationsSecret: false, signedByTheOther: true, aTokenOfTheOther: "the user" },
  }),
  row({
    setting: "secretKeyFallbacks",
    value: { environment: `${OTHER_SECRET.replaceAll(",", "")},${OLDEST_SECRET}`, code: [OTHER_SECRET, OLDEST_SECRET] },
    look: async (client) => ({
      aTokenOfTheOldestSecret: await client.whoIs(ownToken(client, {}, OLDEST_SECRET)),
      signedByTheCurrentSecret: isSignedBy(await client.newToken(), SECRET_KEY),
    }),
    byDefault: { aTokenOfTheOldestSecret: "401 Invalid token", signedByTheCurrentSecret: true },
    instead: { aTokenOfTheOldestSecret: "the user", signedByTheCurrentSecret: true },
  }),
  row({
    setting: "publicKey",
    value: { environment: publicPem, code: PAIRS.ed25519.publicKey },
    given: { JWT_ALGORITHM: "EdDSA" },
    look: async (client) => ({
      aTokenOfThePair: await client.whoIs(sign({ username: client.username }, privatePem, "EdDSA")),
      login: outcomeOf(await client.logIn()),
    }),
    byDefault: {
      refusedToStart: [
        "JWT_ALGORITHM is EdDSA, which needs privateKey or JWT_PRIVATE_KEY, or to verify only publicKey or JWT_PUBLIC_KEY",
      ],
    },
    instead: { aTokenOfThePair: "the user", login: "ISSUING_NOT_ALLOWED: Token issuing not supported" },
  }),
  row({
    setting: "privateKey",
    value: { environment: privatePem, code: PAIRS.ed25519.privateKey },
    given: { JWT_ALGORITHM: "EdDSA", JWT_PUBLIC_KEY: publicPem },
    look: async (client) => {
      const login = await client.logIn();
      const { token = "" } = (login.data ?? {}) as { token?: string };
      return { login: outcomeOf(login), signed: token !== "" && isSignedBy(token, publicPem, "EdDSA") };
    },
    byDefault: { login: "ISSUING_NOT_ALLOWED: Token issuing not supported", signed: false },
    instead: { login: "done", signed: true },
  }),
  row({
    setting: "verify",
    value: { environment: "false", code: false },
    look: (client) => client.whoIs(ownToken(client, {}, OTHER_SECRET)),
    byDefault: "401 Invalid token",
    instead: "the user",
  }),
  row({
    setting: "usernameField",
    value: { environment: "email", code: "email" },
    look: async (client) => {
      const logInAs = (username: string) => client.logIn({ args: { username, password: PASSWORD } });
      const [byName, byEmail] = [await logInAs(client.username), await logInAs(client.email)];
      const token = String((byName.data ?? byEmail.data)?.["token"]);
      const { exp: _, origIat: _1, ...named } = claimsOf(token);
      const as = Object.entries(named).map(([claim, name]) => [claim, name === client[claim as "email" | "username"]]);
      return { byName: outcomeOf(byName), byEmail: outcomeOf(byEmail), claims: as, token: await client.whoIs(token) };
    },
    byDefault: {
      byName: "done",
      byEmail: "INVALID_CREDENTIALS: Please enter valid credentials",
      claims: [["username", true]],
      token: "the user",
    },
    instead: {
      byName: "INVALID_CREDENTIALS: Please enter valid credentials",
      byEmail: "done",
      claims: [["email", true]],
      token: "the user",
    },
  }),
  row({
    setting: "verifyExpiration",
    value: { environment: "on", code: true },
    look: (client) => client.whoIs(ownToken(client, { exp: NOW - 1 })),
    byDefault: "the user",
    instead: "401 Token expired",
  }),
  row({
    setting: "expirationDelta",
    value: { environment: "1 hour", code: 3600 },
    look: async (client) => Number((await claims(client))["exp"]) - NOW,
    byDefault: 300,
    instead: 3600,
  }),
];
