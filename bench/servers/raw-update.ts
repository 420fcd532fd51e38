// The UPDATE of a rotation alone: prepared, over mysql2's pool, with nothing around it.
import { createPool, type ResultSetHeader } from "mysql2/promise";
import { driveItself } from "./self-driven.js";
import { givenOptions } from "./serve.js";

const UPDATE =
  "UPDATE `refresh_token` SET `generation` = `generation` + 1, `rotated` = ?, `last_used` = ?, `user_agent` = ?, " +
  "`address` = ? WHERE `hash` = ? AND `generation` = ? AND `revoked` IS NULL";

const { databaseUrl, hashes } = givenOptions() as { readonly databaseUrl: string; readonly hashes: readonly string[] };
const pool = createPool({ uri: databaseUrl.replace(/^mariadb:/, "mysql:"), connectionLimit: 32, timezone: "Z" });
const sessions = hashes.map((hash) => ({ hash: Buffer.from(hash, "hex"), generation: 0 }));

driveItself(async (index) => {
  const session = sessions[index];
  if (session === undefined) throw new Error("there are fewer sessions than connections");
  const { hash, generation } = session;
  const now = new Date();
  const [result] = await pool.execute<ResultSetHeader>(UPDATE, [now, now, null, "127.0.0.1", hash, generation]);
  if (result.affectedRows !== 1) throw new Error(`${result.affectedRows} rows were changed`);
  session.generation += 1;
});
