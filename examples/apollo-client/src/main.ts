import { gql, type TypedDocumentNode } from "@apollo/client";
import { auth, client, explain } from "./client.js";

type Me = { me: { username: string; isStaff: boolean } | null };
type Sessions = { sessions: { device: string | null; current: boolean }[] | null };

const ME: TypedDocumentNode<Me, Record<string, never>> = gql`
  query Me {
    me {
      id
      username
      isStaff
    }
  }
`;
const SESSIONS: TypedDocumentNode<Sessions, Record<string, never>> = gql`
  query Sessions {
    sessions {
      id
      device
      current
    }
  }
`;

async function main(): Promise<void> {
  auth.subscribe(({ reason }) => console.log(`- ${reason}`));
  await auth.login(process.env.JANUS_USER ?? "admin", process.env.PASSWORD ?? "");

  const { data } = await client.query({ query: ME });
  console.log(`me: ${data?.me?.username}`);
  console.log(`sessions: ${(await client.query({ query: SESSIONS })).data?.sessions?.length}`);
  console.log(`in the cache: ${client.readQuery({ query: ME })?.me?.username}`);

  await auth.logout();
  console.log(`in the cache: ${client.readQuery({ query: ME })?.me?.username}`);
  console.log(`me: ${(await client.query({ query: ME })).data?.me?.username ?? "nobody"}`);
  await client.query({ query: SESSIONS }).catch((error: unknown) => console.log(`sessions: ${explain(error)}`));
}

await main().catch((error: unknown) => {
  console.error(explain(error));
  process.exitCode = 1;
});
