/** What a promise rejects with. @throws Error if it does not reject */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  const resolved = Symbol("resolved");
  const reason = await promise.then(
    () => resolved,
    (error: unknown) => error,
  );
  if (reason === resolved) throw new Error("the promise was resolved, not rejected");
  return reason;
}
