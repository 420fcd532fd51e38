import { gql } from "urql";
import { auth, explain, urqlClient } from "./client.js";

type Me = { me: { username: string; isStaff: boolean } | null };
type Sessions = { sessions: { device: string | null; current: boolean }[] | null };

const ME = gql<Me, Record<string, never>>`
  query Me {
    me {
      id
      username
      isStaff
    }
  }
`;
const SESSIONS = gql<Sessions, Record<string, never>>`
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

  const { data, error } = await urqlClient().query(ME, {});
  if (error) throw error; // urql rejects nothing: it answers the error.
  console.log(`me: ${data?.me?.username}`);
  console.log(`sessions: ${(await urqlClient().query(SESSIONS, {})).data?.sessions?.length}`);
  console.log(`in the cache: ${urqlClient().readQuery(ME, {})?.data?.me?.username}`);

  await auth.logout();
  console.log(`in the cache: ${urqlClient().readQuery(ME, {})?.data?.me?.username}`);
  console.log(`me: ${(await urqlClient().query(ME, {})).data?.me?.username ?? "nobody"}`);
  const refused = await urqlClient().query(SESSIONS, {});
  console.log(`sessions: ${refused.error ? explain(refused.error) : refused.data?.sessions?.length}`);
}

await main().catch((error: unknown) => {
  console.error(explain(error));
  process.exitCode = 1;
});
