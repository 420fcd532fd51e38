import { generateKeyPairSync } from "node:crypto";
import { expect } from "chai";
import { type Algorithm as FastJwtAlgorithm, createSigner, createVerifier } from "fast-jwt";
import { ALGORITHM_NAMES, type Algorithm, ALGORITHMS, isSymmetric } from "../../../src/settings/algorithms.js";
import type { JwtSettingsInput } from "../../../src/settings/input.js";
import { PAIRS, sample, type SamplePair } from "../../settings/sample-keys.js";
import { SECRET_KEY } from "../../support/forge.js";
import { orSkip } from "../../support/or-skip.js";
import { accessTokens, NOW, refusalOf } from "../access-tokens-of.js";
import { PyJwt, type SignJob, type Verdict, type VerifyJob } from "./pyjwt.js";

const UNDECODABLE = "INVALID_TOKEN: Error decoding signature";
const CLAIMS = { username: "älice 😀", exp: NOW + 60, origIat: NOW, nested: { list: [1, 0.5, null, true, ""] } };

/** Our settings, and the keys as others take them. */
interface Keys {
  readonly settings: JwtSettingsInput;
  readonly signWith: string;
  readonly verifyWith: string;
  /** Somebody else's. */
  readonly otherSignWith: string;
  readonly otherVerifyWith: string;
}

/** Another implementation of RFC 7519, which works on many tokens at once. */
interface Implementation {
  readonly name: string;
  readonly find: () => Promise<void>;
  readonly run: (
    sign: readonly SignJob[],
    verify: readonly VerifyJob[],
  ) => Promise<{ readonly signed: readonly string[]; readonly verdicts: readonly Verdict[] }>;
}

const pair = (names: readonly [SamplePair, SamplePair]) => names;
const OTHERS: Readonly<Record<string, readonly [ours: SamplePair, theirs: SamplePair]>> = {
  rsa: pair([PAIRS.rsa, sample(generateKeyPairSync("rsa", { modulusLength: 2048 }))]),
  "P-256": pair([PAIRS.p256, PAIRS.otherP256]),
  "P-384": pair([PAIRS.p384, sample(generateKeyPairSync("ec", { namedCurve: "P-384" }))]),
  "P-521": pair([PAIRS.p521, sample(generateKeyPairSync("ec", { namedCurve: "P-521" }))]),
  ed25519: pair([PAIRS.ed25519, sample(generateKeyPairSync("ed25519"))]),
};

function keysFor(algorithm: Algorithm): Keys {
  const other = "another secret key, which is longer than any hash of HS512 needs it to be as well";
  if (isSymmetric(algorithm)) {
    return {
      settings: { algorithm },
      signWith: SECRET_KEY,
      verifyWith: SECRET_KEY,
      otherSignWith: other,
      otherVerifyWith: other,
    };
  }
  const requirement = ALGORITHMS[algorithm];
  const [ours, theirs] = OTHERS["curve" in requirement ? requirement.curve : requirement.type] as [
    SamplePair,
    SamplePair,
  ];
  return {
    settings: { algorithm, privateKey: ours.privateKey },
    signWith: ours.privatePem,
    verifyWith: ours.publicPem,
    otherSignWith: theirs.privatePem,
    otherVerifyWith: theirs.publicPem,
  };
}

const fastJwt: Implementation = {
  name: "fast-jwt (JavaScript, node:crypto)",
  find: async () => {},
  run: async (sign, verify) => ({
    signed: sign.map(({ payload, key, algorithm }) =>
      createSigner({ key, algorithm: algorithm as FastJwtAlgorithm, noTimestamp: true })(payload),
    ),
    verdicts: verify.map(({ token, key, algorithm }) => {
      try {
        const options = { key, algorithms: [algorithm as FastJwtAlgorithm], clockTimestamp: NOW * 1000 };
        return { payload: createVerifier(options)(token) as unknown };
      } catch (error) {
        return { refused: (error as { code: string }).code };
      }
    }),
  }),
};

let python: PyJwt;
const pyJwt: Implementation = {
  name: "PyJWT (Python, OpenSSL)",
  find: async () => void (python = await PyJwt.find()),
  run: (sign, verify) => python.run({ sign, verify }),
};

for (const [{ name, find, run }, badSignature] of [
  [fastJwt, "FAST_JWT_INVALID_SIGNATURE"],
  [pyJwt, "InvalidSignatureError"],
] as const) {
  describe(`interoperability with ${name}`, () => {
    before(orSkip(find));
    const algorithms = ALGORITHM_NAMES as readonly Algorithm[];

    it("covers every algorithm", () => expect(algorithms).to.have.length(13));

    it("verifies our tokens, and refuses them with another key and when they are changed", async () => {
      const jobs: VerifyJob[] = [];
      for (const algorithm of algorithms) {
        const { settings, verifyWith, otherVerifyWith } = keysFor(algorithm);
        for (const profile of ["documented", "hardened"] as const) {
          const token = await (await accessTokens({ ...settings, profile })).sign(CLAIMS);
          jobs.push(
            { token, key: verifyWith, algorithm },
            { token, key: otherVerifyWith, algorithm },
            { token: changed(token), key: verifyWith, algorithm },
          );
        }
      }
      const { verdicts } = await run([], jobs);
      expect(verdicts).to.have.length(13 * 2 * 3);
      for (const [index, verdict] of verdicts.entries()) {
        const expected = index % 3 === 0 ? { payload: CLAIMS } : { refused: badSignature };
        expect(verdict, `${jobs[index]?.algorithm}, job ${index}`).to.deep.equal(expected);
      }
    });

    it("signs what we verify, and refuse with another key and when it is changed", async () => {
      const sign = algorithms.flatMap((algorithm) => {
        const { signWith, otherSignWith } = keysFor(algorithm);
        return [signWith, otherSignWith].map((key) => ({ payload: CLAIMS, key, algorithm }));
      });
      const { signed } = await run(sign, []);
      for (const [index, algorithm] of algorithms.entries()) {
        const { settings } = keysFor(algorithm);
        const [token = "", foreign = ""] = signed.slice(index * 2);
        expect(await (await accessTokens(settings)).verify(token), algorithm).to.deep.equal(CLAIMS);
        expect(await refusalOf(foreign, settings), algorithm).to.equal(UNDECODABLE);
        expect(await refusalOf(changed(token), settings), algorithm).to.equal(UNDECODABLE);
      }
    });
  });
}

/** The token with another first character in its signature. */
function changed(token: string): string {
  const start = token.lastIndexOf(".") + 1;
  return token.slice(0, start) + (token[start] === "B" ? "C" : "B") + token.slice(start + 1);
}
