/*
 * The names of a page's elements, which the types of Playwright mention. Tests run in Node and hold no elements: what is to
 * run in a page is written as a text.
 */
declare global {
  interface Node {
    readonly nodeType: number;
  }
  interface HTMLElement extends Node {
    readonly tagName: string;
  }
  interface SVGElement extends Node {
    readonly tagName: string;
  }
  interface HTMLElementTagNameMap {
    readonly body: HTMLElement;
  }
}

// oxlint-disable-next-line unicorn/require-module-specifiers -- a global can only be declared in a module
export {};
