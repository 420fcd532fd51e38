import { type AuthUser, naturalKeyIn } from "../auth-user.js";
import { type Clock, numericDate } from "../clock.js";
import { InvalidCredentialsError, InvalidPayloadError, NotSupportedError } from "../errors.js";
import { isRecord } from "../is-record.js";
import { HandlerError } from "../settings/handler-error.js";
import type { JwtPayload } from "../settings/handlers.js";
import type { JwtSettings } from "../settings/jwt-settings.js";
import type { UserDirectory } from "../users/user-directory.js";

/** What a lookup answers. A host application's directory may answer undefined where its types say null: it means the same. */
export type Found<TUser extends AuthUser> = TUser | null | undefined;

/** Users as the auth service sees them: the directory behind the handlers that the settings may put before it. */
export class Users<TUser extends AuthUser> {
  constructor(
    private readonly settings: JwtSettings,
    private readonly directory: UserDirectory<TUser>,
  ) {}

  /** The user who may log in under this name, or null. The directory that checks the password has to have found them. */
  findForLogin(naturalKey: string): Promise<Found<TUser>> {
    return this.directory.findByNaturalKey(naturalKey);
  }

  /** What attempts to log in under this name are counted by, together with those under its other spellings. */
  spellingOf(name: string): string {
    return this.directory.spellingOf?.(name) ?? name.normalize("NFKC").toLowerCase();
  }

  /** The user with this natural key, or null. */
  find(naturalKey: string): Promise<Found<TUser>> {
    const { getUserByNaturalKeyHandler: handler } = this.settings;
    return handler ? this.findBy(handler, naturalKey) : this.directory.findByNaturalKey(naturalKey);
  }

  /** Whether this is the user's password, as the directory has it; for nobody (null) it has to take as long. */
  checkPassword(user: TUser | null, password: string): Promise<boolean> {
    return this.directory.checkPassword(user, password);
  }

  /**
   * Sets the password of a user whose old one has just been found right.
   *
   * @throws NotSupportedError if the directory cannot; BadUserInputError; InvalidCredentialsError for a user who is gone, or
   *   has another password by now
   */
  async setPassword(user: TUser, password: string, clock: Clock): Promise<void> {
    if (!this.directory.setPassword) throw new NotSupportedError("a user directory that sets passwords");
    const isSet = await this.directory.setPassword(user, password, clock.now(), clock);
    if (!isSet) throw new InvalidCredentialsError();
  }

  /** The natural key that a payload names; a promise where a handler says it. @throws InvalidPayloadError if it names none */
  naturalKeyOf(payload: JwtPayload): string | Promise<string> {
    const { payloadGetUsernameHandler: handler, usernameField } = this.settings;
    if (!handler) return asNaturalKey(payload[usernameField]);
    return HandlerError.wrap<unknown>("payloadGetUsernameHandler", () => handler(payload)).then(asNaturalKey);
  }

  /** The natural key of a user. @throws Error if the property that `usernameField` names holds none */
  naturalKey(user: AuthUser): string {
    const naturalKey = naturalKeyIn(user, this.settings.usernameField);
    if (typeof naturalKey === "string" && naturalKey !== "") return naturalKey;
    throw new Error(`The user has no text in the property "${this.settings.usernameField}" (setting usernameField).`);
  }

  private async findBy(handler: FindUser, naturalKey: string): Promise<TUser | null> {
    const user: unknown = await HandlerError.wrap("getUserByNaturalKeyHandler", () => handler(naturalKey));
    if (user === null || isUser(user)) return user as TUser | null;
    throw new HandlerError("getUserByNaturalKeyHandler", "has to answer a user or null");
  }
}

type FindUser = NonNullable<JwtSettings["getUserByNaturalKeyHandler"]>;

function asNaturalKey(value: unknown): string {
  if (typeof value !== "string" || value === "") throw new InvalidPayloadError();
  return value;
}

function isUser(value: unknown): value is AuthUser {
  return (
    isRecord(value) &&
    (typeof value["id"] === "string" || typeof value["id"] === "number") &&
    typeof value["isActive"] === "boolean" &&
    // A text would have every role that is a part of it.
    [value["roles"], value["permissions"]].every((names) => names === undefined || Array.isArray(names))
  );
}

/** Whether something that was issued at `since` (Unix seconds) is older than the user's `tokensValidAfter`. */
export function isStale(user: AuthUser, since: number | undefined): boolean {
  // Claims have whole seconds, so the moment itself is compared in whole seconds too.
  return since !== undefined && !!user.tokensValidAfter && since < numericDate(user.tokensValidAfter);
}

/** When a token was issued, Unix seconds. Where nothing is refreshed no token of ours says so, but all live equally long. */
export function issuedAt({ iat, origIat, exp }: JwtPayload, settings: JwtSettings): number | undefined {
  const stated = iat ?? origIat;
  if (stated !== undefined || settings.allowRefresh || exp === undefined) return stated;
  return exp - settings.expirationDelta;
}
