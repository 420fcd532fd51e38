import type { AuthUser } from "../auth-user.js";
import type { Found } from "./users.js";

/** A user as they were found before their password was looked at, and turned out to be right. */
export class ProvenUser<TUser extends AuthUser> {
  /** Read at once: a directory may hand out the same object again, and change it. */
  private readonly validAfter: number | undefined;

  /** @param find finds them anew */
  constructor(
    readonly user: TUser,
    private readonly find: () => Promise<Found<TUser>>,
  ) {
    this.validAfter = validAfterOf(user);
  }

  /** Whether they are there and active, with the password that was looked at: they are found anew. */
  async isCurrent(): Promise<boolean> {
    const now = await this.find();
    return now?.isActive === true && validAfterOf(now) === this.validAfter;
  }
}

function validAfterOf({ tokensValidAfter }: AuthUser): number | undefined {
  return tokensValidAfter?.getTime();
}
