// Someone in front of a browser, and everything that must not happen to them.

import assert from "node:assert/strict";
import { join } from "node:path";

// How long a page may take for anything, in milliseconds.
const PATIENCE = 30_000;

/** Starts a browser that finds no address but 127.0.0.1, whatever of it wants to look one up. */
export function openBrowser(chromium, executablePath, home) {
  return chromium.launch({
    executablePath,
    env: { HOME: home, PATH: process.env.PATH },
    timeout: 60_000,
    // Signals are for whoever calls this. The browser ends with the process in any case.
    handleSIGHUP: false,
    handleSIGINT: false,
    handleSIGTERM: false,
    args: [
      "--disable-gpu",
      "--disable-quic",
      "--disable-sync",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ],
  });
}

/** One person's way through the pages, in a profile of its own. */
export class Visit {
  #context;
  #pictures;
  #taken = 0;
  #complaints = [];
  #strays = [];

  /** Begins one. What `options` may say is Playwright's: colour scheme, size, scripts or none. */
  static async begin(browser, pictures, options) {
    const visit = new Visit();
    visit.#pictures = pictures;
    visit.#context = await browser.newContext(options);
    visit.#context.setDefaultTimeout(PATIENCE);
    // A redirect is not routed, but it is a request as well.
    visit.#context.on("request", (request) => isLocal(request.url()) || visit.#strays.push(request.url()));
    await visit.#context.route((url) => !isLocal(url), (route) => route.abort());
    visit.page = await visit.#context.newPage();
    visit.page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) visit.#complaints.push(message.text());
    });
    visit.page.on("pageerror", (error) => visit.#complaints.push(`${error}`));
    visit.page.on("crash", () => visit.#complaints.push("the page crashed"));
    return visit;
  }

  /** Waits for a page by its heading, looks whether it is in order, and takes a picture of it. */
  async sees(heading, title = heading) {
    await this.page.getByRole("heading", { level: 1, name: heading, exact: true }).waitFor();
    assert.equal(await this.page.title(), title);
    const { scrollWidth, clientWidth } = await this.page.evaluate(() => {
      const { scrollWidth, clientWidth } = document.documentElement;
      return { scrollWidth, clientWidth };
    });
    assert.ok(scrollWidth <= clientWidth, `${heading}: ${scrollWidth} px of content are ${clientWidth} px wide`);
    await this.picture(heading);
  }

  /** Waits for what the page says is wrong. */
  async isTold(complaint) {
    const alert = this.page.getByRole("alert");
    await alert.filter({ hasText: complaint }).waitFor();
    assert.equal((await alert.textContent()).trim(), complaint);
  }

  async picture(name) {
    this.#taken += 1;
    const file = `${this.#taken}-${name.toLowerCase().replace(/\W+/g, "-").replace(/^-|-$/g, "")}.png`;
    await this.page.screenshot({ path: join(this.#pictures, file), fullPage: true });
  }

  /** Nothing left this machine, and the browser complained of these answers and of nothing else. */
  async end(refusals = []) {
    await this.#context.close();
    assert.deepEqual(this.#strays, [], "requests left 127.0.0.1");
    const wanted = refusals.map((status) => `Failed to load resource: the server responded with a status of ${status}`);
    assert.deepEqual(this.#complaints, wanted, "the browser's console");
  }

  /** Ends what has failed, with a last picture if there can be one. */
  async giveUp() {
    await this.picture("failed").catch(() => {});
    await this.#context.close().catch(() => {});
  }
}

function isLocal(url) {
  const { protocol, hostname } = new URL(url);
  // What a browser shows when there is no page is its own.
  return hostname === "127.0.0.1" || ["about:", "chrome-error:", "data:"].includes(protocol);
}
