/*
 * class-validator's decorators and functions, each from its own file: the package as a whole brings validator.js and the
 * phone numbers of all countries, which no input and no setting here has, and is a fifth of a server's start. They are
 * the same files that `import "class-validator"` reads, so that a host application shares decorators and metadata with us.
 */
export { getMetadataStorage } from "class-validator/cjs/metadata/MetadataStorage.js";
export { ValidationTypes } from "class-validator/cjs/validation/ValidationTypes.js";
export { ArrayNotEmpty } from "class-validator/cjs/decorator/array/ArrayNotEmpty.js";
export { IsIn } from "class-validator/cjs/decorator/common/IsIn.js";
export { IsNotIn } from "class-validator/cjs/decorator/common/IsNotIn.js";
export { IsOptional } from "class-validator/cjs/decorator/common/IsOptional.js";
export { ValidateBy } from "class-validator/cjs/decorator/common/ValidateBy.js";
export { Max } from "class-validator/cjs/decorator/number/Max.js";
export { Min } from "class-validator/cjs/decorator/number/Min.js";
export { isEmail } from "class-validator/cjs/decorator/string/IsEmail.js";
export { Matches, matches } from "class-validator/cjs/decorator/string/Matches.js";
export { MaxLength, maxLength } from "class-validator/cjs/decorator/string/MaxLength.js";
export { MinLength } from "class-validator/cjs/decorator/string/MinLength.js";
export { IsBoolean } from "class-validator/cjs/decorator/typechecker/IsBoolean.js";
export { IsInt } from "class-validator/cjs/decorator/typechecker/IsInt.js";
export { IsString, isString } from "class-validator/cjs/decorator/typechecker/IsString.js";
export type { ValidationError, ValidationOptions } from "class-validator";

import type { ValidationError, ValidatorOptions } from "class-validator";
import { getFromContainer } from "class-validator/cjs/container.js";
import { Validator } from "class-validator/cjs/validation/Validator.js";

/** class-validator's function of this name, with the validator that it uses too. */
export function validateSync(object: object, options?: ValidatorOptions): ValidationError[] {
  return getFromContainer(Validator).validateSync(object, options);
}
