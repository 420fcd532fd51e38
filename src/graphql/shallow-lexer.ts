import { GraphQLError, Lexer, Source, type Token, TokenKind } from "graphql";
import { tooComplex } from "./query-limits.js";

/** Deepest nesting of braces, brackets and parentheses. The parser calls itself at each, and has but one stack. */
export const MAX_QUERY_DEPTH = 100;

const OPENING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/** graphql-js' lexer, for documents that are neither too long nor nested too deeply. */
export class ShallowLexer extends Lexer {
  private depth = 0;
  private tokens = 0;

  /** @param tokenLimit most lexical tokens: a short text can have many, and each costs time before anything is checked */
  constructor(
    query: string,
    private readonly tokenLimit: number,
  ) {
    super(new Source(query));
  }

  /** @throws GraphQLError at the first token that is too many or too deep, as graphql-js throws it for bad syntax */
  override advance(): Token {
    const token = super.advance();
    if (token.kind !== TokenKind.EOF) this.tokens += 1;
    if (this.tokens > this.tokenLimit) throw tooComplex(`The query has more than ${this.tokenLimit} tokens.`);
    if (OPENING.has(token.kind)) this.depth += 1;
    if (CLOSING.has(token.kind)) this.depth -= 1;
    if (this.depth <= MAX_QUERY_DEPTH) return token;
    throw new GraphQLError(`Syntax Error: Document is nested deeper than ${MAX_QUERY_DEPTH} levels.`, {
      source: this.source,
      positions: [token.start],
    });
  }
}
