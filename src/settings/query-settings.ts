import { IsBoolean, IsInt, IsOptional, Max, Min } from "../validation.js";

import * as allowed from "./allowed.js";
import { LimitSettings } from "./limit-settings.js";
import { Setting } from "./setting.js";

/** The settings of what a client may ask for: limits of a GraphQL query and of open connections, and rules on everything. A part of `JwtSettings`. */
export class QuerySettings extends LimitSettings {
  @Setting("integer", "Most fields below each other in a GraphQL query, fragments followed.")
  @IsInt(allowed.limit)
  @Min(1, allowed.limit)
  readonly queryDepthLimit: number = 20;

  @Setting("integer", "Most aliases in a GraphQL query, fragments followed: 100 of a field are 100 calls.")
  @IsInt(allowed.limit)
  @Min(1, allowed.limit)
  readonly queryAliasLimit: number = 100;

  @Setting("integer", "Most lexical tokens in a GraphQL query: 1 to 10000.")
  @IsInt(allowed.tokenLimit)
  @Min(1, allowed.tokenLimit)
  @Max(10_000, allowed.tokenLimit) // Validation follows fragments by recursion, and has but one stack.
  readonly queryTokenLimit: number = 2_000;

  @Setting("integer", "Highest cost of a GraphQL query: the `complexity` of its fields, 1 for each that has none.")
  @IsInt(allowed.limit)
  @Min(1, allowed.limit)
  readonly queryComplexityLimit: number = 5_000;

  @Setting("integer", "Most operations in one GraphQL request, as a JSON array. 0: no arrays.")
  @IsInt(allowed.batchLimit)
  @Min(0, allowed.batchLimit)
  readonly queryBatchLimit: number = 0;

  @Setting(
    "integer",
    "Most WebSockets and event streams of one user at a time in one server process. `none`: no limit.",
  )
  @IsOptional()
  @IsInt(allowed.attempts)
  @Min(1, allowed.attempts)
  @Max(1_000_000, allowed.attempts)
  readonly connectionsPerUser: number | undefined = undefined;

  @Setting("boolean", "`auth.assertRules` refuses resolvers and procedures without a rule that are not marked public.")
  @IsBoolean(allowed.boolean)
  readonly requireRules: boolean = false;
}
