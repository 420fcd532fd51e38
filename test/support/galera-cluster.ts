import { createConnection } from "mysql2/promise";
import { GaleraNode, galeraPorts } from "./galera-node.js";
import { galeraFiles } from "./galera-packages.js";

/** Three Galera nodes of the tests' own. */
export class GaleraCluster {
  private constructor(readonly nodes: readonly GaleraNode[]) {}

  /** @throws DatabaseUnavailableError if Galera cannot be had here */
  static async start(size = 3): Promise<GaleraCluster> {
    const files = await galeraFiles();
    const ports = [];
    for (let node = 0; node < size; node++) ports.push(await galeraPorts());
    const group = ports.map((port) => port.group);
    const cluster = new GaleraCluster(ports.map((port) => new GaleraNode(files, port, group)));
    try {
      const [first, ...others] = cluster.nodes;
      await first?.start({ isFirst: true });
      for (const node of others) await node.start(); // One after the other: a node that gives a copy has no time for another.
      return cluster;
    } catch (error) {
      await cluster.remove();
      throw error;
    }
  }

  /** Makes a database and answers its URL for the server beside each node: that one first, then the others. */
  async createDatabase(name: string): Promise<string[]> {
    const connection = await createConnection({ host: "127.0.0.1", port: this.nodes[0]?.port ?? 0, user: "root" });
    await connection.query(`CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
    await connection.end();
    const hosts = this.nodes.map(({ port }) => `127.0.0.1:${port}`);
    return hosts.map((own, index) => {
      const inTurn = [own, ...hosts.slice(index + 1), ...hosts.slice(0, index)];
      return `mariadb://root@${inTurn.join(",")}/${name}`;
    });
  }

  async remove(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.remove()));
  }
}
