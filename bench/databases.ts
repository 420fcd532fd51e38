import { createConnection } from "mysql2/promise";
import type { DataSource } from "typeorm";
import { createDataSource, migrate, PasswordHasher, RefreshToken, TypeOrmUsers, User } from "../src/index.js";
import { EMAIL, PASSWORD, USERNAME } from "./subject.js";

/** @param port of a server on 127.0.0.1 that lets root in */
export async function createDatabase(port: number, name: string): Promise<void> {
  const connection = await createConnection({ host: "127.0.0.1", port, user: "root" });
  await connection.query(`CREATE DATABASE ${name}`);
  await connection.end();
}

/** Opens a database of Janus's for as long as `use` takes. */
export async function withDataSource<T>(url: string, use: (dataSource: DataSource) => Promise<T>): Promise<T> {
  const dataSource = await createDataSource({ url, entities: [RefreshToken, User] }).initialize();
  try {
    return await use(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/** Makes Janus's tables in an empty database, and the one user in them. */
export async function prepareDatabase(url: string): Promise<void> {
  await withDataSource(url, async (dataSource) => {
    await migrate(dataSource);
    const users = new TypeOrmUsers(dataSource, new PasswordHasher());
    await users.create({ username: USERNAME, email: EMAIL, password: PASSWORD }, new Date(0));
  });
}
