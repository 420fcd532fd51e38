/** The types of the handlers that an application can put in the place of the built-in ones. */

export type { JwtPayload } from "./jwt-payload.js";
export type {
  DecodeHandler,
  EncodeHandler,
  GetRefreshTokenHandler,
  GetUserByNaturalKeyHandler,
  HandlerContext,
  PayloadContext,
  PayloadGetUsernameHandler,
  PayloadHandler,
  RefreshExpiredHandler,
  RefreshTokenModel,
} from "./jwt-settings.js";
export type { UnauthorizedResponseHandler } from "./unauthorized-response.js";
