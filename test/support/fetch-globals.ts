declare global {
  /** The types of @trpc/client name it; it is in the browser's library, which Node's types leave out. */
  type RequestInfo = string | Request;
  /** Those of graphql-request name this one. */
  type HeadersInit = NonNullable<RequestInit["headers"]>;
}

// oxlint-disable-next-line unicorn/require-module-specifiers -- a global can only be declared in a module
export {};
