import { createHmac } from "node:crypto";
import { expect } from "chai";
import { decode, encode } from "../../support/forge.js";
import { type SigningKey, signWithPublicKey } from "./signing-keys.js";

/** How a token is refused, as `AccessTokens.verify` and every argument has it. */
export const REFUSALS = {
  undecodable: { code: "INVALID_TOKEN", message: "Error decoding signature" },
  invalid: { code: "INVALID_TOKEN", message: "Invalid token" },
  expired: { code: "TOKEN_EXPIRED", message: "Signature has expired" },
} as const;

/** A token that has to be refused. */
export interface HostileToken {
  readonly name: string;
  readonly token: string;
  readonly refusal: keyof typeof REFUSALS;
  /** Whether a signature is verified before it is refused. */
  readonly verified: boolean;
}

/** What hostile tokens are made of. */
export interface Good {
  /** A token that is accepted. */
  readonly token: string;
  /** A refresh token that is accepted. */
  readonly refreshToken: string;
  /** The time at which they are looked at, Unix seconds. */
  readonly now: number;
}

type Part = Readonly<Record<string, unknown>>;

/** Makes every token of the table out of one that is accepted. */
export class HostileTokens {
  readonly #header: Part;
  readonly #claims: Part;
  readonly #parts: readonly [header: string, payload: string, signature: string];
  readonly #rows: HostileToken[] = [];

  constructor(
    private readonly key: SigningKey,
    private readonly profile: "documented" | "hardened",
    private readonly good: Good,
  ) {
    this.#header = decode(good.token, "header");
    this.#claims = decode(good.token, "payload");
    const [header = "", payload = "", signature = ""] = good.token.split(".");
    this.#parts = [header, payload, signature];
  }

  all(): readonly HostileToken[] {
    this.#addWrongParts();
    this.#addNoBase64url();
    this.#addNoJson();
    this.#addDuplicates();
    this.#addAlgorithms();
    this.#addHeaders();
    this.#addKeyIds();
    this.#addSignatures();
    this.#addTypes();
    this.#addClaims();
    this.#addLengths();
    return this.#rows;
  }

  #add(refusal: HostileToken["refusal"], verified: boolean, tokens: Readonly<Record<string, string>>): void {
    for (const [name, token] of Object.entries(tokens)) this.#rows.push({ name, token, refusal, verified });
  }

  /** Any two parts, well formed or not, with our signature. */
  #signed(header: string, payload: string, sign = this.key.sign): string {
    return `${header}.${payload}.${sign(`${header}.${payload}`).toString("base64url")}`;
  }

  /** The token with other header parameters. */
  #headed(parameters: Part, sign = this.key.sign): string {
    return this.#signed(encode({ ...this.#header, ...parameters }), this.#parts[1], sign);
  }

  /** The token with other claims. */
  #claimed(claims: Part, header: Part = {}): string {
    return this.#signed(encode({ ...this.#header, ...header }), encode({ ...this.#claims, ...claims }));
  }

  #addWrongParts(): void {
    const [header, payload, signature] = this.#parts;
    const { token, refreshToken } = this.good;
    this.#add("undecodable", false, {
      nothing: "",
      "one part": header,
      "two parts": `${header}.${payload}`,
      "four parts": `${token}.x`,
      "a dot at the end": `${token}.`,
      "a dot before it": `.${token}`,
      "only dots": "..",
      "a JWE": [encode({ alg: "dir", enc: "A256GCM" }), "", encode("iv"), encode("text"), encode("tag")].join("."),
      "a JWE with our algorithm": [encode({ ...this.#header, enc: "A256GCM" }), "", "AAAA", payload, "AAAA"].join("."),
      "five parts of ours": `${token}.${signature}.${signature}`,
      "a refresh token": refreshToken,
      "two tokens": `${token},${token}`,
      "no signature": `${header}.${payload}.`,
      "no payload": this.#signed(header, ""),
      "no header": this.#signed("", payload),
      "a prefix of its own": `JWT ${token}`,
    });
  }

  #addNoBase64url(): void {
    const { token } = this.good;
    const [header, payload, signature] = this.#parts;
    const spaced = (text: string) => `${text.slice(0, 4)} ${text.slice(4)}`;
    // A space in the JSON makes its length one that leaves bits over.
    const loose = (part: string) =>
      encode(
        Buffer.from(part, "base64url")
          .toString()
          .padEnd(Math.ceil(part.length / 4) * 3 + 1),
      );
    const other = encode('{"a":"???>>>~~~"}');
    this.#add("undecodable", false, {
      "a space before it": ` ${token}`,
      "a newline after it": `${token}\n`,
      "a tab in the signature": `${header}.${payload}.${spaced(signature).replace(" ", "\t")}`,
      "a space in the payload": this.#signed(header, spaced(payload)),
      "a newline in the header": this.#signed(spaced(header).replace(" ", "\n"), payload),
      "padding after the signature": `${token}=`,
      "padding in the payload": this.#signed(header, `${loose(payload)}==`),
      "padding in the header": this.#signed(`${loose(header)}==`, payload),
      "a + in the payload": this.#signed(header, other.replaceAll("-", "+").replaceAll("_", "/")),
      "stray bits in the signature": `${header}.${payload}.${withStrayBits(signature)}`,
      "stray bits in the payload": this.#signed(header, withStrayBits(loose(payload))),
      "stray bits in the header": this.#signed(withStrayBits(loose(header)), payload),
      "a character that is none in the signature": `${token}!`,
      "a NUL after it": `${token}\0`,
      "a letter that looks like one": token.replace(/e/, "\u0435"),
    });
  }

  #addNoJson(): void {
    const [header, payload] = this.#parts;
    const bytes = (text: string) => Buffer.from(text, "latin1").toString("base64url");
    const claims = JSON.stringify(this.#claims);
    const texts: Readonly<Record<string, string>> = {
      "no JSON": encode("no JSON"),
      "half a JSON": encode(claims.slice(0, -1)),
      "a list": encode([this.#claims]),
      "a text": encode('"alice"'),
      null: encode("null"),
      "two objects": encode(`${claims}${claims}`),
      "a comment": encode(`${claims}/**/`),
      "a byte order mark": encode(`\ufeff${claims}`),
      "bytes that are not UTF-8": bytes(`${claims.slice(0, -1)},"a":"\xff"}`),
      "an overlong encoding": bytes(`${claims.slice(0, -1)},"a":"\xc0\xaf"}`),
      "a surrogate in UTF-8": bytes(`${claims.slice(0, -1)},"a":"\xed\xa0\x80"}`),
      "an escaped lone surrogate": encode(`${claims.slice(0, -1)},"a":"\\ud800"}`),
      "2,000 levels that end nowhere": encode(`{"a":${"[".repeat(2000)}`),
    };
    for (const [name, text] of Object.entries(texts)) {
      this.#add("undecodable", false, {
        [`a payload that is ${name}`]: this.#signed(header, text),
        [`a header that is ${name}`]: this.#signed(text, payload),
      });
    }
  }

  #addDuplicates(): void {
    const [header, payload] = this.#parts;
    const { algorithm } = this.key;
    const rest = JSON.stringify(this.#header).slice(1);
    const claims = JSON.stringify(this.#claims).slice(1);
    const [naturalKey = ""] = Object.keys(this.#claims);
    const headed = (members: string) => this.#signed(encode(`{${members},${rest}`), payload);
    const claimed = (members: string) => this.#signed(header, encode(`{${members},${claims}`));
    this.#add("undecodable", false, {
      "alg twice, none first": headed('"alg":"none"'),
      "alg twice, the same": headed(`"alg":"${algorithm}"`),
      "alg twice, once escaped": headed('"\\u0061lg":"none"'),
      "alg twice, escaped and last": this.#signed(
        encode(`{${rest.slice(0, -1)},"\\u0061\\u006c\\u0067":"${algorithm}"}`),
        payload,
      ),
      "kid twice": headed('"kid":"another"'),
      "typ twice": headed('"typ":"JWT"'),
      "__proto__ twice in the header": headed('"__proto__":{},"__proto__":{}'),
      "exp twice, a later one first": claimed('"exp":4102444800'),
      "exp twice, once escaped": claimed('"\\u0065xp":4102444800'),
      "the username twice": claimed(`"${naturalKey}":"root"`),
      "a name twice in an object within": claimed('"a":{"b":[{"c":1,"c":1}]}'),
      "__proto__ twice": claimed('"__proto__":{"username":"root"},"__proto__":1'),
    });
  }

  #addAlgorithms(): void {
    const [, payload] = this.#parts;
    const { algorithm, others, publicSpellings, signAsStranger } = this.key;
    for (const alg of ["none", "None", "NONE", "nOnE", "none ", " none", "none\0", "\0none", "n\u043ene"]) {
      const name = JSON.stringify(alg);
      const header = encode({ ...this.#header, alg });
      this.#add("invalid", false, {
        [`alg ${name} and no signature`]: `${header}.${payload}.`,
        [`alg ${name} and a signature`]: this.#headed({ alg }),
      });
    }
    const odd = [
      "",
      null,
      [algorithm],
      [algorithm, "none"],
      {},
      0,
      true,
      algorithm.toLowerCase() + " ",
      `${algorithm}\0`,
    ];
    const spellings = algorithm === "EdDSA" ? ["eddsa", "EDDSA"] : [algorithm.toLowerCase()];
    for (const alg of [
      ...odd,
      ...spellings,
      "dir",
      "RSA1_5",
      "A256KW",
      "PBES2-HS256+A128KW",
      "ECDH-ES",
      "HS1",
      "RS1",
      "__proto__",
    ]) {
      this.#add("invalid", false, { [`alg ${JSON.stringify(alg)}`]: this.#headed({ alg }) });
    }
    const withoutAlg = Object.fromEntries(Object.entries(this.#header).filter(([name]) => name !== "alg"));
    this.#add("invalid", false, {
      "no alg": this.#signed(encode(withoutAlg), payload),
      "an empty header": this.#signed(encode({}), payload),
      "alg none, escaped": this.#signed(encode('{"alg":"n\\u006fne"}'), payload),
      "alg in the prototype": this.#signed(encode(`{"__proto__":{"alg":"${algorithm}"}}`), payload),
    });
    for (const [alg, sign] of Object.entries(others)) {
      this.#add("invalid", false, { [`${alg}, signed with our key`]: this.#headed({ alg }, sign) });
    }
    for (const [spelling, secret] of Object.entries(publicSpellings)) {
      const sign = signWithPublicKey(secret);
      this.#add("invalid", false, {
        [`HS256 with our public key for a secret, as ${spelling}`]: this.#headed({ alg: "HS256" }, sign),
      });
      this.#add("undecodable", true, {
        [`an HMAC with our public key, as ${spelling}, that says ${algorithm}`]: this.#headed({}, sign),
      });
    }
    this.#add("invalid", false, {
      "another algorithm, signed by a stranger": this.#headed({ alg: "HS999" }, signAsStranger),
    });
  }

  /** Parameters by which a token would choose its own key, or what is signed; signed by us and by a stranger. */
  #addHeaders(): void {
    const parameters: Readonly<Record<string, Part>> = {
      "a key of its own (jwk)": { jwk: { kty: "oct", k: encode("stranger") } },
      "an RSA key of its own (jwk)": { jwk: { kty: "RSA", n: "AQAB", e: "AQAB" } },
      "a place for keys (jku)": { jku: "https://stranger.test/keys" },
      "a place for keys on this machine (jku)": { jku: "file:///etc/passwd" },
      "certificates (x5c)": { x5c: ["MIIB"] },
      "a place for certificates (x5u)": { x5u: "http://169.254.169.254/" },
      "a certificate's hash (x5t)": { x5t: "AAAA" },
      "a certificate's other hash (x5t#S256)": { "x5t#S256": "AAAA" },
      "critical extensions": { crit: ["exp"], exp: 1 },
      "no critical extensions": { crit: [] },
      "critical extensions that there are not": { crit: ["__proto__"] },
      "an unencoded payload (b64)": { b64: false, crit: ["b64"] },
      "b64 that is not critical": { b64: false },
      "b64 that says nothing new": { b64: true },
      "compression (zip)": { zip: "DEF" },
      "an encryption (enc)": { enc: "A256GCM" },
      "a password's iterations (p2c)": { p2c: 2 ** 31, p2s: "AAAA" },
      "a replay nonce": { nonce: "a" },
      "an unknown parameter": { "https://stranger.test/": 1 },
    };
    for (const [name, parameter] of Object.entries(parameters)) {
      this.#add("invalid", false, {
        [name]: this.#headed(parameter),
        [`${name}, signed by a stranger`]: this.#headed(parameter, this.key.signAsStranger),
      });
    }
    const payload = JSON.stringify(this.#claims);
    const header = encode({ ...this.#header, b64: false, crit: ["b64"] });
    const sign = this.key.sign(`${header}.${payload}`).toString("base64url");
    this.#add("undecodable", false, { "a payload in the clear (b64)": `${this.#parts[0]}.${payload}.${sign}` });
  }

  #addKeyIds(): void {
    const { signAsStranger } = this.key;
    const signWith = (secret: string) => (data: string) => createHmac("sha256", secret).update(data).digest();
    this.#add("undecodable", false, {
      "kid with a path to an empty file": this.#headed({ kid: "../../../../../../dev/null" }, signWith("")),
      "kid with a path": this.#headed({ kid: "/etc/hostname" }, signAsStranger),
      "kid with SQL": this.#headed({ kid: "x' UNION SELECT 'secret'-- " }, signWith("secret")),
      "kid with a command": this.#headed({ kid: "$(id)|id;`id`" }, signAsStranger),
      "kid with a URL": this.#headed({ kid: "https://stranger.test/key" }, signAsStranger),
      "kid with a name of JavaScript's own": this.#headed({ kid: "__proto__" }, signAsStranger),
      "kid with a NUL": this.#headed({ kid: "a\0b" }, signAsStranger),
      "kid of 4,000 characters": this.#headed({ kid: "k".repeat(4000) }, signAsStranger),
    });
    for (const kid of [0, null, true, ["a"], { $ne: "" }]) {
      this.#add("undecodable", false, { [`kid ${JSON.stringify(kid)}`]: this.#headed({ kid }) });
    }
  }

  #addSignatures(): void {
    const [header, payload, signature] = this.#parts;
    const { brokenSignatures, signAsStranger } = this.key;
    const flipped = `${signature.startsWith("A") ? "B" : "A"}${signature.slice(1)}`;
    this.#add("undecodable", true, {
      "another key's signature": this.#headed({}, signAsStranger),
      "the signature of other claims": `${header}.${payload}.${this.#claimed({ a: 1 }).split(".")[2]}`,
      "changed claims": `${header}.${encode({ ...this.#claims, username: "root" })}.${signature}`,
      "a space more in the claims": `${header}.${encode(`${JSON.stringify(this.#claims)} `)}.${signature}`,
      "a changed bit in the signature": `${header}.${payload}.${flipped}`,
      "one byte for a signature": `${header}.${payload}.AA`,
    });
    for (const [name, sign] of Object.entries(brokenSignatures)) {
      this.#add("undecodable", true, { [name]: this.#headed({}, sign) });
    }
  }

  /** Other kinds of tokens, signed with our key (RFC 8725, section 3.11). */
  #addTypes(): void {
    const { now } = this.good;
    const idToken = { iss: "https://janus.test", sub: "1", aud: "a-client", nonce: "n", auth_time: now, iat: now };
    this.#add("invalid", true, { "an ID token": this.#claimed(idToken, { typ: "JWT" }) });
    for (const typ of [0, null, ["at+jwt"], {}]) {
      this.#add("undecodable", false, { [`typ ${JSON.stringify(typ)}`]: this.#headed({ typ }) });
    }
    // django-graphql-jwt and PyJWT do not look at it: that profile has to take what they take.
    if (this.profile === "documented") return;
    for (const typ of ["", "JWT", "rt+jwt", "refresh+jwt", "dpop+jwt", "logout+jwt", "AT+JWT", "at+jwt "]) {
      this.#add("invalid", true, { [`typ ${JSON.stringify(typ)}`]: this.#headed({ typ }) });
    }
    const { alg } = this.#header;
    this.#add("invalid", true, { "no typ": this.#signed(encode({ alg }), this.#parts[1]) });
  }

  #addClaims(): void {
    const { now } = this.good;
    for (const name of ["exp", "nbf", "iat", "origIat"]) {
      for (const value of [`${now + 60}`, "", null, true, [now + 60], {}, -1, -1e-9, 8.64e12 + 1, 1e300, 2 ** 63]) {
        this.#add("undecodable", true, { [`${name} ${JSON.stringify(value)}`]: this.#claimed({ [name]: value }) });
      }
      const claims = JSON.stringify({ ...this.#claims, [name]: 0 }).replace(`"${name}":0`, `"${name}":1e999`);
      this.#add("undecodable", true, { [`${name} 1e999`]: this.#signed(this.#parts[0], encode(claims)) });
    }
    this.#add("invalid", true, {
      "iat in the future": this.#claimed({ iat: now + 1 }),
      "iat in the far future": this.#claimed({ iat: 8e12 }),
      "nbf in the future": this.#claimed({ nbf: now + 0.5 }),
      "aud of somebody else": this.#claimed({ aud: "somebody else" }),
    });
    this.#add("expired", true, {
      "exp in the past": this.#claimed({ exp: now - 1 }),
      "exp now": this.#claimed({ exp: now }),
      "exp 0": this.#claimed({ exp: 0 }),
    });
    if (this.profile === "hardened") {
      const claims = Object.fromEntries(Object.entries(this.#claims).filter(([name]) => name !== "exp"));
      this.#add("invalid", true, { "no exp": this.#signed(this.#parts[0], encode(claims)) });
    }
  }

  #addLengths(): void {
    this.#add("undecodable", false, {
      "8,193 characters": this.#ofLength(8193),
      "10,000 characters": this.#ofLength(10_000),
      "50,000 characters": this.#ofLength(50_000),
      "8,193 letters": "a".repeat(8193),
      "50,000 dots": ".".repeat(50_000),
    });
  }

  /** A token that is good otherwise, of this length or, where base64 leaves no choice, a character more. */
  #ofLength(length: number): string {
    const [header, , signature] = this.#parts;
    const bytes = Math.floor(((length - header.length - signature.length - 2) * 3) / 4);
    const empty = JSON.stringify({ ...this.#claims, filling: "" }).length;
    const token = this.#claimed({ filling: "x".repeat(bytes - empty + 1) });
    expect(token.length).to.be.within(length, length + 2);
    return token;
  }
}

/** The text with its last character changed in bits that are not used. */
function withStrayBits(text: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const changed = text.slice(0, -1) + (alphabet[alphabet.indexOf(text.at(-1) ?? "") + 1] ?? "");
  expect(Buffer.from(changed, "base64url")).to.deep.equal(Buffer.from(text, "base64url"));
  return changed;
}
