/**
 * The URL that a text is; undefined for any other text. `URL.canParse` of Node 20 and 22 says that letters such as `ü` are in
 * none, as soon as V8 has optimised it: some thousand calls after the start. The error of `new URL` is not passed on: the whole text is
 * in its `input`, and there can be a password in it.
 */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
