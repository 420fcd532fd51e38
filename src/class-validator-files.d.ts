/** What is in the files of class-validator, which has types of the whole only. Each file has some of it. */
declare module "class-validator/cjs/*.js" {
  export * from "class-validator";
}
