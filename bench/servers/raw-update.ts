// The UPDATE of a rotation, with nothing around it.
import { rotatingUpdate } from "./rotating-update.js";
import { driveItself } from "./self-driven.js";
import { givenOptions } from "./serve.js";

const { databaseUrl, hashes } = givenOptions() as { readonly databaseUrl: string; readonly hashes: readonly string[] };
const rotate = rotatingUpdate(databaseUrl);
const sessions = hashes.map((hash) => ({ hash: Buffer.from(hash, "hex"), generation: 0 }));

driveItself(async (index) => {
  const session = sessions[index];
  if (session === undefined) throw new Error("there are fewer sessions than connections");
  await rotate(session.hash, session.generation);
  session.generation += 1;
});
