import type { CommandContext } from "../command-context.js";
import { CommandError } from "../command-error.js";
import { withTables } from "../open-database.js";
import { newPassword } from "../password.js";

/** `set-password NAME`. */
export async function setPassword(
  context: CommandContext,
  name: string,
  options: { readonly passwordStdin?: boolean },
): Promise<void> {
  await withTables(context, async ({ users, refreshTokens }) => {
    const user = await users.findByNaturalKey(name);
    if (!user) throw new CommandError(`there is no user ${name}`);
    const password = await newPassword(context, options);
    const { clock } = context;
    const isThere = await users.resetPassword(user, password, clock);
    if (!isThere) throw new CommandError(`there is no user ${name} any more`);
    // Afterwards: a login with the old password, which may be under way on a server, counts on it.
    await refreshTokens.revokeAll(users.spellingOf(name), clock.now());
    context.stdout.write(`Set the password of ${name}. Sessions and tokens from before are refused from now on.\n`);
  });
}
