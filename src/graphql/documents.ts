import { type DocumentNode, GraphQLError, type GraphQLSchema, parse, specifiedRules, validate } from "graphql";
import { ownText } from "../own-text.js";
import { hidesSuggestions, introspectionRules, type Standing } from "./introspection-guard.js";
import { exceededLimits, type QueryLimits, tooComplex } from "./query-limits.js";
import { ShallowLexer } from "./shallow-lexer.js";
import { UnconditionalSubscriptionRule } from "./subscription-root.js";

/** Longest query text, in characters. */
export const MAX_QUERY_LENGTH = 32_768;

/**
 * How much text of valid queries is remembered with its documents, in characters. Parsing and validating costs more than
 * most operations do; but a parsed document takes hundreds of times the memory of its text, and clients make up the text.
 */
export const CACHED_CHARACTERS = 128 * 1024;

/** A document that may be executed, or what is wrong with it. */
export type DocumentResult = { readonly document: DocumentNode } | { readonly errors: readonly GraphQLError[] };

/** Parses and validates queries, and remembers the valid ones for each standing. */
export class Documents {
  private readonly valid = new Map<string, DocumentNode>();
  private characters = 0;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly limits: QueryLimits,
  ) {}

  get(query: string, standing: Standing): DocumentResult {
    if (query.length > MAX_QUERY_LENGTH) {
      return { errors: [tooComplex(`The query is longer than ${MAX_QUERY_LENGTH} characters.`)] };
    }
    const known = this.valid.get(keyOf(query, standing));
    if (known) return { document: known };
    // A document holds on to its text, and that can be a piece of a long URL.
    const own = ownText(query);
    const result = this.parseAndValidate(own, standing);
    if ("document" in result) this.remember(keyOf(own, standing), result.document);
    return result;
  }

  private parseAndValidate(query: string, standing: Standing): DocumentResult {
    try {
      const lexer = new ShallowLexer(query, this.limits.queryTokenLimit);
      const document = parse(lexer.source, { lexer });
      // First what is cheap to find: a document can be made so that validating it takes long.
      const exceeded = exceededLimits(document, this.limits);
      if (exceeded.length > 0) return { errors: exceeded };
      const rules = [...specifiedRules, UnconditionalSubscriptionRule, ...introspectionRules(standing)];
      const errors = validate(this.schema, document, rules, { hideSuggestions: hidesSuggestions(standing) });
      return errors.length > 0 ? { errors } : { document };
    } catch (error) {
      if (error instanceof GraphQLError) return { errors: [error] };
      throw error;
    }
  }

  private remember(key: string, document: DocumentNode): void {
    this.valid.set(key, document);
    this.characters += key.length;
    // A Map keeps the order of insertion: the oldest goes first.
    for (const oldest of this.valid.keys()) {
      if (this.characters <= CACHED_CHARACTERS) return;
      this.valid.delete(oldest);
      this.characters -= oldest.length;
    }
  }
}

function keyOf(query: string, standing: Standing): string {
  return `${standing} ${query}`;
}
