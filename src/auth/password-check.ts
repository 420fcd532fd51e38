import type { AuthUser } from "../auth-user.js";
import { InvalidCredentialsError } from "../errors.js";
import { type Attempt, type AttemptLimiter, UNCOUNTED } from "./attempt-limiter.js";
import { type Call, eventContext } from "./call.js";
import type { AuthEvents } from "./events.js";
import { ProvenUser } from "./proven-user.js";
import type { Found, Users } from "./users.js";

/** The one place where passwords are looked at: of a login, and of whoever sets a new one. */
export class PasswordCheck<TUser extends AuthUser> {
  constructor(
    private readonly users: Users<TUser>,
    private readonly limiter: AttemptLimiter,
    private readonly events: AuthEvents,
  ) {}

  /**
   * The active user with this name and password, whether or not there is one with the name.
   *
   * @throws InvalidCredentialsError, TooManyRequestsError
   */
  login({ username, password }: { username: string; password: string }, call: Call): Promise<ProvenUser<TUser>> {
    const find = () => this.users.findForLogin(username);
    return this.check({ user: username, known: false, password, find }, call);
  }

  /**
   * The user of a request, once more by the password: whoever has come by an access token may be guessing it.
   *
   * @throws InvalidCredentialsError, TooManyRequestsError
   */
  again({ key, password }: { key: string; password: string }, call: Call): Promise<ProvenUser<TUser>> {
    return this.check({ user: key, known: true, password, find: () => this.users.find(key) }, call);
  }

  /**
   * The user of a request by the password that they have just set: that is no guess.
   *
   * @throws InvalidCredentialsError if it has been changed again meanwhile
   */
  async justSet({ key, password }: { key: string; password: string }): Promise<ProvenUser<TUser>> {
    const { proven } = await this.judge(UNCOUNTED, () => this.users.find(key), password);
    if (!proven) throw new InvalidCredentialsError();
    return proven;
  }

  private async check({ user: name, known, password, find }: Question<TUser>, call: Call): Promise<ProvenUser<TUser>> {
    // Before anything is looked at: attempts that are made at once are counted all the same.
    const begun = this.limiter.begin({ spelling: () => this.users.spellingOf(name), user: name, known }, call);
    const attempt = begun instanceof Promise ? await begun : begun;
    const { proven, isKnown } = await this.judge(attempt, find, password);
    if (!proven) {
      this.events.emit("loginFailed", { user: name, known: isKnown }, eventContext(call));
      throw new InvalidCredentialsError();
    }
    const counted = attempt.succeeded();
    if (counted) await counted;
    return proven;
  }

  /** Always asks for the password, also of nobody and of an inactive user: the time must not tell them apart. */
  private async judge(attempt: Attempt, find: Question<TUser>["find"], password: string): Promise<Judged<TUser>> {
    try {
      const user = (await find()) ?? null;
      const found = user && new ProvenUser(user, find);
      const right = await this.users.checkPassword(user, password);
      return { isKnown: user !== null, proven: right && user?.isActive === true ? found : null };
    } catch (error) {
      // The queue is full, or the database away. The error is what counts, also where this fails too.
      await attempt.withdrawn()?.catch(() => {});
      throw error;
    }
  }
}

interface Question<TUser extends AuthUser> {
  readonly user: string;
  readonly known: boolean;
  readonly password: string;
  readonly find: () => Promise<Found<TUser>>;
}

interface Judged<TUser extends AuthUser> {
  readonly isKnown: boolean;
  /** Null unless the password is right. */
  readonly proven: ProvenUser<TUser> | null;
}
