import { announce, complain } from "./announce.js";
import type { PageContext } from "./call.js";
import { button, element } from "./element.js";
import { eventsOf, isEventStream, stoppable, type StreamEvent } from "./event-stream.js";

interface Failure {
  readonly message: string;
  readonly data: { readonly errorCode: string };
}

/** Follows a subscription of tRPC, until either side has had enough. What it tells is listed below. */
export function subscriptionForm({ auth }: PageContext, name: string): HTMLElement {
  const answer = element("pre", { tabindex: "0", role: "region", "aria-label": `What ${name} tells`, hidden: true });
  const follow = button("Follow", {}, () => void run());
  let running: AsyncIterator<StreamEvent> | undefined;

  async function* open(signal: AbortSignal): AsyncGenerator<StreamEvent> {
    const response = await auth.fetch(`/trpc/${name}`, { headers: { accept: "text/event-stream" }, signal });
    if (isEventStream(response)) yield* eventsOf(response);
    else
      yield { name: "serialized-error", data: JSON.stringify(((await response.json()) as { error: Failure }).error) };
  }

  async function run(): Promise<void> {
    if (running) return void (await running.return?.());
    const events = stoppable(open);
    running = events;
    follow.textContent = "Stop";
    answer.textContent = "";
    answer.hidden = false;
    try {
      for await (const event of events) show(event);
      announce(`${name} has ended.`);
    } catch {
      complain(`${name} was cut off: the server does not answer.`);
    } finally {
      running = undefined;
      follow.textContent = "Follow";
    }
  }

  function show({ name: event, data }: StreamEvent): void {
    if (event === "connected") announce(`Following ${name}.`);
    if (event === "") answer.append(`${data}\n`);
    if (event !== "serialized-error") return;
    const { message, data: told } = JSON.parse(data) as Failure;
    answer.append(`${told.errorCode}: ${message}\n`);
  }

  return element("div", {}, follow, answer);
}
