import { GraphQLError, Lexer, Source, type Token, TokenKind } from "graphql";

/** Deepest nesting of braces, brackets and parentheses. The parser calls itself at each, and has but one stack. */
export const MAX_QUERY_DEPTH = 100;

const OPENING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_L, TokenKind.BRACKET_L, TokenKind.PAREN_L]);
const CLOSING: ReadonlySet<TokenKind> = new Set([TokenKind.BRACE_R, TokenKind.BRACKET_R, TokenKind.PAREN_R]);

/** graphql-js' lexer, for documents that are not nested too deeply. */
export class ShallowLexer extends Lexer {
  private depth = 0;

  constructor(query: string) {
    super(new Source(query));
  }

  /** @throws GraphQLError at the first token that is too deep, as graphql-js throws it for bad syntax */
  override advance(): Token {
    const token = super.advance();
    if (OPENING.has(token.kind)) this.depth += 1;
    if (CLOSING.has(token.kind)) this.depth -= 1;
    if (this.depth <= MAX_QUERY_DEPTH) return token;
    throw new GraphQLError(`Syntax Error: Document is nested deeper than ${MAX_QUERY_DEPTH} levels.`, {
      source: this.source,
      positions: [token.start],
    });
  }
}
