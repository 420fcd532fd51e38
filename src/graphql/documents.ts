import { type DocumentNode, GraphQLError, type GraphQLSchema, parse, specifiedRules, validate } from "graphql";
import { hidesSuggestions, introspectionRules, type Standing } from "./introspection-guard.js";
import { exceededLimits, type QueryLimits, tooComplex } from "./query-limits.js";
import { ShallowLexer } from "./shallow-lexer.js";

/** Longest query text, in characters. */
export const MAX_QUERY_LENGTH = 32_768;

/**
 * How much text of valid queries is remembered with its documents for each standing, in characters. Parsing and validating
 * costs more than most operations do; but a parsed document takes hundreds of times the memory of its text, and clients
 * make up the text.
 */
export const CACHED_CHARACTERS = 128 * 1024;

/** A document that may be executed, or what is wrong with it. */
export type DocumentResult = { readonly document: DocumentNode } | { readonly errors: readonly GraphQLError[] };

/** Valid documents by the text of their query, the oldest first. */
class ValidDocuments {
  private readonly byQuery = new Map<string, DocumentNode>();
  private characters = 0;

  get(query: string): DocumentNode | undefined {
    return this.byQuery.get(query);
  }

  /** @param query that is not among them */
  add(query: string, document: DocumentNode): void {
    this.byQuery.set(query, document);
    this.characters += query.length;
    // A Map keeps the order of insertion: the oldest goes first.
    for (const oldest of this.byQuery.keys()) {
      if (this.characters <= CACHED_CHARACTERS) return;
      this.byQuery.delete(oldest);
      this.characters -= oldest.length;
    }
  }
}

/** Parses and validates queries, and remembers the valid ones for each standing. */
export class Documents {
  private readonly valid: Readonly<Record<Standing, ValidDocuments>> = {
    "may-introspect": new ValidDocuments(),
    "must-not-introspect": new ValidDocuments(),
  };

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly limits: QueryLimits,
  ) {}

  get(query: string, standing: Standing): DocumentResult {
    if (query.length > MAX_QUERY_LENGTH) {
      return { errors: [tooComplex(`The query is longer than ${MAX_QUERY_LENGTH} characters.`)] };
    }
    const known = this.valid[standing].get(query);
    if (known) return { document: known };
    const result = this.parseAndValidate(query, standing);
    if ("document" in result) this.valid[standing].add(query, result.document);
    return result;
  }

  private parseAndValidate(query: string, standing: Standing): DocumentResult {
    try {
      const lexer = new ShallowLexer(query, this.limits.queryTokenLimit);
      const document = parse(lexer.source, { lexer });
      // First what is cheap to find: a document can be made so that validating it takes long.
      const exceeded = exceededLimits(document, this.limits);
      if (exceeded.length > 0) return { errors: exceeded };
      const errors = validate(this.schema, document, [...specifiedRules, ...introspectionRules(standing)], {
        hideSuggestions: hidesSuggestions(standing),
      });
      return errors.length > 0 ? { errors } : { document };
    } catch (error) {
      if (error instanceof GraphQLError) return { errors: [error] };
      throw error;
    }
  }
}
