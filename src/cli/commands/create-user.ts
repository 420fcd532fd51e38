import { UserExistsError } from "../../users/typeorm-users.js";
import type { CommandContext } from "../command-context.js";
import { CommandError } from "../command-error.js";
import { withTables } from "../open-database.js";
import { newPassword } from "../password.js";

export interface CreateUserOptions {
  readonly email?: string;
  readonly staff?: boolean;
  readonly superuser?: boolean;
  readonly inactive?: boolean;
  readonly role?: readonly string[];
  readonly permission?: readonly string[];
  readonly passwordStdin?: boolean;
}

/** `create-user NAME`. */
export async function createUser(context: CommandContext, username: string, options: CreateUserOptions): Promise<void> {
  const { email, staff = false, superuser = false, inactive = false, role = [], permission = [] } = options;
  await withTables(context, async ({ users, auth }) => {
    if (auth.settings.usernameField === "email" && email === undefined) {
      throw new CommandError("users log in with their e-mail address (JWT_USERNAME_FIELD): give one with --email");
    }
    const user = {
      username,
      ...(email !== undefined && { email }),
      isActive: !inactive,
      isStaff: staff,
      isSuperuser: superuser,
      roles: role,
      permissions: permission,
    };
    const password = await newPassword(context, options);
    await users.create({ ...user, password }, context.clock.now()).catch((error: unknown) => {
      throw error instanceof UserExistsError ? new CommandError(error.message, { cause: error }) : error;
    });
    context.stdout.write(`Created the user ${username}.\n`);
  });
}
