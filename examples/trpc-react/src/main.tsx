// Uses the app as a person would. In a browser, `createRoot(document.getElementById("root")!).render(<App />)` is all.
import { page } from "./page.js";

const { createRoot } = await import("react-dom/client"); // It looks for a page when it is loaded.
const { App } = await import("./app.js");
createRoot(page.root).render(<App />);

/** Waits for texts, and prints the page; an alert ends the program. */
async function see(...texts: readonly string[]): Promise<void> {
  const found = await page.shows(...texts);
  if (found === "text") return console.log(`${page.text}\n`);
  console.error(page.alert);
  process.exit(1);
}

await see("Log in");
page.type("username", process.env.JANUS_USER ?? "admin");
page.type("password", process.env.PASSWORD ?? "");
page.press("Log in");
await see("Hello, ", "Logged in");
page.press("Log out everywhere else");
await see("Ended", "Logged in 1 times");
page.press("Log out");
await see("[Log in]");
await page.closed();
process.exit();
