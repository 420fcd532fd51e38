import type { AnyTRPCProcedure, AnyTRPCRouter } from "@trpc/server";
import { type InputField, inputFields } from "../request/input-fields.js";
import type { InputClass } from "../request/input-schema.js";

/** A procedure, for a form. */
export interface ProcedureDescription {
  /** With the routers before it: `auth.tokenAuth`. */
  readonly name: string;
  readonly type: "query" | "mutation" | "subscription";
  readonly fields: readonly InputField[];
}

/** The procedures of a router, with the arguments of those whose input is a class of ours. */
export function procedureList(router: AnyTRPCRouter): ProcedureDescription[] {
  const procedures = Object.entries(router._def.procedures as Record<string, AnyTRPCProcedure>);
  return procedures.map(([name, { _def }]) => ({
    name,
    type: _def.type,
    fields: parsersOf(_def).flatMap(({ inputClass }) => (inputClass ? inputFields(inputClass) : [])),
  }));
}

interface Parser {
  readonly inputClass?: InputClass<object>;
}

/** tRPC keeps them without a type. */
function parsersOf(definition: object): readonly Parser[] {
  return (definition as { inputs?: readonly Parser[] }).inputs ?? [];
}
