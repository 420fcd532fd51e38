import { QueryClient } from "@tanstack/react-query";
import { createTRPCClient, httpBatchLink, TRPCClientError } from "@trpc/client";
import { createTRPCOptionsProxy } from "@trpc/tanstack-react-query";
import { type AppRouter, createAuthClient } from "janus-auth/client";
import { useSyncExternalStore } from "react";

// In a page served by the same host: "/trpc". In a bundler without `process`, write the URL here.
const url = `${process.env.JANUS_URL ?? "http://127.0.0.1:4000"}/trpc`;

export const auth = createAuthClient({ url });

export const queryClient = new QueryClient({
  // What the server has answered is final; only what got no answer is tried again.
  defaultOptions: { queries: { retry: (failures, error) => !isAnswered(error) && failures < 1, retryDelay: 100 } },
});

export const trpc = createTRPCOptionsProxy<AppRouter>({
  client: createTRPCClient<AppRouter>({ links: [httpBatchLink({ url, fetch: auth.fetch })] }),
  queryClient,
});

// What one user has loaded is not for the next one.
let userId = auth.session?.user?.id;
auth.subscribe(({ session }) => {
  if (session?.user?.id === userId) return; // A refresh.
  userId = session?.user?.id;
  queryClient.clear();
});

/** Who is logged in, or null. The component is drawn again when that changes. */
export const useSession = () => useSyncExternalStore(auth.subscribe, () => auth.session);

/** What to tell a person of an error. */
export function explain(error: { readonly message: string }): string {
  return error instanceof TRPCClientError && !isAnswered(error) ? "The server cannot be reached" : error.message;
}

function isAnswered(error: unknown): boolean {
  return error instanceof TRPCClientError && Boolean(error.data);
}
