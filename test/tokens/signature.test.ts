import { createSecretKey, randomBytes } from "node:crypto";
import { expect } from "chai";
import { assert, asyncProperty, boolean, constantFrom, nat, object, pre, record } from "fast-check";
import { CompactSign, compactVerify } from "jose";
import { createSettings } from "../../src/settings/create-settings.js";
import { openKeyStore } from "../../src/tokens/open-key-store.js";
import { isSignedByAny, Signer } from "../../src/tokens/signature.js";
import type { TokenKey } from "../../src/tokens/token-key.js";
import { encode } from "../support/forge.js";

const ALGORITHMS = ["HS256", "HS384", "HS512"] as const;
const SECRETS = [randomBytes(64), randomBytes(64), randomBytes(200)];

describe("HMAC signatures", () => {
  for (const algorithm of ALGORITHMS) {
    describe(algorithm, () => {
      let keys: readonly TokenKey[];

      before(async () => {
        const [secretKey, ...secretKeyFallbacks] = SECRETS.map((secret) => createSecretKey(secret));
        const { settings } = await createSettings({ values: { algorithm, secretKey, secretKeyFallbacks } });
        keys = (await (await openKeyStore(settings)).ringAt(new Date())).keys;
        expect(keys).to.have.length(SECRETS.length);
      });

      it("are jose's to the byte, whatever the payload", async () => {
        await assert(
          asyncProperty(object(), nat(SECRETS.length - 1), async (payload, index) => {
            const text = JSON.stringify(payload);
            const header = { alg: algorithm, typ: "JWT" };
            const ours = await new Signer(keyAt(keys, index), header).sign(text);
            const theirs = new CompactSign(Buffer.from(text)).setProtectedHeader(header);
            expect(ours).to.equal(await theirs.sign(SECRETS[index] as Buffer));
          }),
          { numRuns: 50 },
        );
      });

      it("are accepted and refused as jose does it, whatever is changed", async () => {
        const change = record({
          at: nat(400),
          to: constantFrom("A", "B", "a", "b", "0", "1", "-", "_", "."),
          signer: nat(2),
        });
        await assert(
          asyncProperty(change, boolean(), async ({ at, to, signer }, changed) => {
            const header = { alg: algorithm, typ: "JWT" };
            const token = await new Signer(keyAt(keys, signer), header).sign(JSON.stringify({ username: "alice" }));
            const place = at % token.length;
            const sent = changed ? token.slice(0, place) + to + token.slice(place + 1) : token;
            // What is not of a token's form does not come here.
            pre(/^[\w-]+\.[\w-]+\.[\w-]+$/.test(sent) && isCanonical(sent));
            for (const [index, secret] of SECRETS.entries()) {
              const theirs = await isGenuineToJose(sent, secret, algorithm);
              expect(await isSignedByAny(sent, [keyAt(keys, index)], algorithm)).to.equal(theirs);
            }
            expect(await isSignedByAny(sent, keys, algorithm)).to.equal(sent === token);
          }),
          { numRuns: 150 },
        );
      });

      it("have their whole length", async () => {
        const token = await new Signer(keyAt(keys, 0), { alg: algorithm }).sign("{}");
        for (const length of [0, 1, 16, token.length - token.lastIndexOf(".") - 2]) {
          const cut = token.slice(0, token.lastIndexOf(".") + 1 + length);
          expect(await isSignedByAny(cut, keys, algorithm), cut).to.equal(false);
        }
        expect(await isSignedByAny(`${token}AAAA`, keys, algorithm)).to.equal(false);
      });
    });
  }

  it("are none without a key", async () => {
    expect(await isSignedByAny(`${encode({ alg: "HS256" })}.e30.`, [], "HS256")).to.equal(false);
  });
});

function keyAt(keys: readonly TokenKey[], index: number): TokenKey {
  const key = keys[index];
  if (!key) throw new Error(`there is no key ${index}`);
  return key;
}

/** As `parseCompact` wants every part: no other text stands for the same bytes. */
function isCanonical(token: string): boolean {
  return token.split(".").every((part) => Buffer.from(part, "base64url").toString("base64url") === part);
}

async function isGenuineToJose(token: string, secret: Buffer, algorithm: string): Promise<boolean> {
  return compactVerify(token, secret, { algorithms: [algorithm] }).then(
    () => true,
    () => false,
  );
}
