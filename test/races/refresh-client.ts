import { Agent, request } from "node:http";

/** What a refresh came to: the successor, or why there is none. */
export type RefreshOutcome = { readonly successor: string } | { readonly status: number; readonly code: string };

/** Refreshes over one connection, as one browser would, through GraphQL or tRPC. */
export class RefreshClient {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(
    private readonly url: string,
    private readonly face: "GraphQL" | "tRPC",
  ) {}

  async refresh(refreshToken: string): Promise<RefreshOutcome> {
    const query = "mutation ($refreshToken: String) { refreshToken(refreshToken: $refreshToken) { refreshToken } }";
    const { status, body } =
      this.face === "GraphQL"
        ? await this.post("/graphql", { query, variables: { refreshToken } })
        : await this.post("/trpc/auth.refreshToken", { refreshToken });
    const successor = /"refreshToken":"([\w-]+)"/.exec(body)?.[1];
    if (successor !== undefined) return { successor };
    const code = this.face === "GraphQL" ? /"code":"(\w+)"/ : /"errorCode":"(\w+)"/;
    return { status, code: code.exec(body)?.[1] ?? body };
  }

  close(): void {
    this.agent.destroy();
  }

  private post(path: string, json: unknown): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const headers = { "content-type": "application/json" };
      const sent = request(this.url + path, { method: "POST", agent: this.agent, headers }, (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (text: string) => (body += text));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
        response.on("error", reject);
      });
      sent.on("error", reject).end(JSON.stringify(json));
    });
  }
}
