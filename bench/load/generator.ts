// The process that sends the load. It is told over Node's channel what to send, and answers with what came of it.
import { type Conversation, converse } from "./conversation.js";
import type { LoadOrder, Plan } from "./plan.js";
import { sendLoad } from "./send-load.js";

const plans = new Map<string, Plan>();
/** Of each plan, in the order of connections. They are kept: tokens that were exchanged are good for nothing. */
const conversations = new Map<string, Conversation[]>();

process.on("message", (order: LoadOrder) => void answer(order));
console.log("ready");

async function answer(order: LoadOrder): Promise<void> {
  if ("learn" in order) {
    plans.set(order.learn, order.plan);
    process.send?.({});
    return;
  }
  const { send, to, amount } = order;
  process.send?.(await sendLoad(conversationsOf(send, amount.connections), to, amount));
}

/** The same number of connections each time, or tokens would be in two hands. */
function conversationsOf(name: string, count: number): Conversation[] {
  const plan = plans.get(name);
  if (plan === undefined) throw new Error(`there is no plan ${name}`);
  const known = conversations.get(name) ?? Array.from({ length: count }, (_, index) => converse(plan, index, count));
  if (known.length !== count) throw new Error(`${name} was begun with ${known.length} connections`);
  conversations.set(name, known);
  return known;
}
