/** Secrets of a run, and pieces of them that nobody may find in a log either. */
export class Secrets {
  readonly #pieces = new Set<string>();

  /** A password, a key, a hash. */
  add(...secrets: string[]): void {
    for (const secret of secrets) this.#pieces.add(secret);
  }

  /** A token: payload and signature each tell enough, also in part; the header of a JSON Web Token tells nothing. */
  addToken(token: string): void {
    const [whole = "", payload, signature] = token.split(".");
    for (const piece of payload === undefined ? [whole] : [payload, signature ?? ""]) {
      if (piece.length >= 20) this.add(piece, piece.slice(0, 20), piece.slice(-20));
    }
  }

  get count(): number {
    return this.#pieces.size;
  }

  /** The lines that have a secret in them. */
  leaksIn(lines: readonly string[]): string[] {
    return lines.filter((line) => [...this.#pieces].some((piece) => line.includes(piece)));
  }
}
