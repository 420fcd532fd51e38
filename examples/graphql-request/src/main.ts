import { gql } from "graphql-request";
import { auth, client, explain } from "./client.js";

interface Me {
  me: { username: string; isStaff: boolean } | null;
}

interface Sessions {
  sessions: { device: string | null; current: boolean }[] | null;
}

const ME = gql`
  {
    me {
      username
      isStaff
    }
  }
`;
const SESSIONS = gql`
  {
    sessions {
      device
      current
    }
  }
`;

async function main(): Promise<void> {
  auth.subscribe(({ reason }) => console.log(`- ${reason}`));
  await auth.login(process.env.JANUS_USER ?? "admin", process.env.PASSWORD ?? "");

  const { me } = await client.request<Me>(ME);
  console.log(`me: ${me?.username}`);
  const { sessions } = await client.request<Sessions>(SESSIONS);
  console.log(`sessions: ${sessions?.length}`);

  await auth.logout();
  console.log(`me: ${(await client.request<Me>(ME)).me?.username ?? "nobody"}`);
  await client.request<Sessions>(SESSIONS).catch((error: unknown) => console.log(`sessions: ${explain(error)}`));
}

await main().catch((error: unknown) => {
  console.error(explain(error));
  process.exitCode = 1;
});
