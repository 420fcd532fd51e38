import { QueryClientProvider, useMutation, useQuery } from "@tanstack/react-query";
import type { SubmitEvent } from "react";
import { auth, explain, queryClient, trpc, useSession } from "./client.js";

export function App() {
  return <QueryClientProvider client={queryClient}>{useSession() ? <Account /> : <LoginForm />}</QueryClientProvider>;
}

function LoginForm() {
  const login = useMutation({
    mutationFn: (form: FormData) => auth.login(field(form, "username"), field(form, "password")),
  });

  function submit(event: SubmitEvent<HTMLFormElement>): void {
    event.preventDefault();
    login.mutate(new FormData(event.currentTarget));
  }

  return (
    <form onSubmit={submit}>
      <h1>Log in</h1>
      <input name="username" aria-label="Username" autoComplete="username" required />
      <input name="password" aria-label="Password" type="password" autoComplete="current-password" required />
      <button disabled={login.isPending}>Log in</button>
      {login.error && <p role="alert">{explain(login.error)}</p>}
    </form>
  );
}

function field(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === "string" ? value : ""; // Anything else is a file.
}

function Account() {
  const me = useQuery(trpc.auth.me.queryOptions());
  const sessions = useQuery(trpc.auth.sessions.queryOptions());
  const revokeOthers = useMutation(
    trpc.auth.revokeOtherSessions.mutationOptions({
      onSuccess: () => queryClient.invalidateQueries({ queryKey: trpc.auth.sessions.queryKey() }),
    }),
  );
  const error = me.error ?? sessions.error ?? revokeOthers.error;

  return (
    <main>
      <h1>{me.data ? `Hello, ${me.data.username}` : "…"}</h1>
      {sessions.data && <p>{`Logged in ${sessions.data.length} times`}</p>}
      <button onClick={() => revokeOthers.mutate()}>Log out everywhere else</button>
      {revokeOthers.data && <p>{`Ended ${revokeOthers.data.count}`}</p>}
      <button onClick={() => void auth.logout()}>Log out</button>
      {error && <p role="alert">{explain(error)}</p>}
    </main>
  );
}
