/** The body of `jsonResponseHandler`. */
export function jsonRefusal(message: string): object {
  return {
    errors: [{ message, code: "unauthorized", hint: "Either use Valid Token or make requests without token." }],
  };
}

/** The same in tRPC's error envelope. */
export function trpcRefusal(message: "Invalid token" | "Token expired"): object {
  const errorCode = message === "Token expired" ? "TOKEN_EXPIRED" : "INVALID_TOKEN";
  return { error: { message, code: -32001, data: { code: "UNAUTHORIZED", httpStatus: 401, errorCode } } };
}
