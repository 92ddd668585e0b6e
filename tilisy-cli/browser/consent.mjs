// Drives the pages of a consent in a real browser, as a person would. tilisy-cli/browser/run.sh starts it.
//
// What is asked of the pages goes by what a person can see or hear of them, labels and roles, and never by their ids.

import assert from "node:assert/strict";
import { mkdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { Desk, freePort, within } from "./desk.mjs";
import { openBrowser, Visit } from "./visit.mjs";

// How long all of it may take, in seconds; it takes some twenty.
const LIMIT = 300;

const BANK = { name: "Saimaan Pankki", user: "aino", password: "revontulet", otp: "123456" };
const LOG_IN = `Log in at ${BANK.name}`;
const CONFIRM = "Confirm that it is you";
const SHARE = "Share your account data?";
const OVER = "There is nothing to agree to here";
const ACCOUNTS = ["Käyttötili", "Luottokortti", "Asuntolaina", "Säästötili"];

/** Every scenario: its name, the browser it wants, and what happens. They run in this order on one sandbox. */
const SCENARIOS = [
  ["sign in to the control panel", {}, signIn],
  ["approve", {}, approve],
  ["choose accounts, in the dark", { colorScheme: "dark" }, choose],
  ["deny", {}, deny],
  ["cancel, on a narrow screen", { viewport: { width: 320, height: 640 } }, cancel],
  ["wrong password and wrong one-time password", {}, mistype],
  ["wrong password, on a narrow dark screen", { viewport: { width: 320, height: 640 }, colorScheme: "dark" }, mistype],
  ["reload, and go back", {}, goBack],
  ["come back too late", {}, comeLate],
  ["come back with another state", {}, forge],
  ["without scripts", { javaScriptEnabled: false }, approve],
  ["with the keyboard only", {}, useKeyboard],
];

async function signIn({ visit, login }) {
  const signingIn = await login();
  // The address without the code of the mail does not end the wait.
  await visit.page.goto(signingIn.link.replace("oobCode", "other"));
  await visit.sees("Not this one");
  await signingIn.says("err", /a browser came back, but .*; still waiting\n/);
  await visit.page.goto(signingIn.link);
  await visit.sees("Signed in");
  await signingIn.ends(0);
  await visit.end(["400 (Bad Request)"]);
}

async function approve({ visit, connect, accounts }) {
  const connecting = await connect();
  await visit.page.goto(connecting.link);
  await logIn(visit);
  await confirm(visit);
  await visit.sees(SHARE);
  for (const name of ACCOUNTS) assert.ok(await box(visit, name).isChecked(), name);
  await press(visit, "Approve");
  await visit.sees("Thank you");
  await connecting.ends(0);
  assert.match(connecting.err, /connected to Saimaan Pankki: 4 accounts/);
  assert.deepEqual(await accounts(), ACCOUNTS);
  // The link was good for one consent.
  await visit.page.goto(connecting.link);
  await visit.sees(OVER);
  await visit.end(["404 (Not Found)"]);
}

async function choose({ visit, connect, accounts, disconnect }) {
  // An earlier consent would go on for the accounts that are left out.
  await disconnect();
  const connecting = await connect();
  await visit.page.goto(connecting.link);
  await logIn(visit);
  await confirm(visit);
  await visit.sees(SHARE);
  for (const name of ACCOUNTS) await box(visit, name).uncheck();
  await press(visit, "Approve");
  await visit.sees(SHARE, `Error: ${SHARE}`);
  await visit.isTold("Choose at least one account, or deny.");
  const chosen = [ACCOUNTS[0], ACCOUNTS[2]];
  for (const name of chosen) await box(visit, name).check();
  await visit.picture("chosen");
  await press(visit, "Approve");
  await visit.sees("Thank you");
  await connecting.ends(0);
  assert.match(connecting.err, /connected to Saimaan Pankki: 2 accounts/);
  assert.deepEqual(await accounts(), chosen);
  await visit.end(["422 (Unprocessable Entity)"]);
}

async function deny({ visit, connect, accounts }) {
  const before = await accounts();
  const connecting = await connect();
  await visit.page.goto(connecting.link);
  await logIn(visit);
  await confirm(visit);
  await visit.sees(SHARE);
  await press(visit, "Deny");
  await visit.sees("No consent");
  await connecting.ends(5);
  assert.match(connecting.err, /Denied data sharing consent/);
  assert.deepEqual(await accounts(), before);
  await visit.end();
}

async function cancel({ visit, connect }) {
  const connecting = await connect();
  await visit.page.goto(connecting.link);
  await visit.page.getByText("Who can log in here?").click();
  await visit.page.getByRole("cell", { name: BANK.otp }).waitFor();
  await visit.sees(LOG_IN);
  // The fields need not be filled in for that.
  await press(visit, "Cancel");
  await visit.sees("No consent");
  await connecting.ends(5);
  assert.match(connecting.err, /Cancelled by user/);
  await visit.end();
}

async function mistype({ visit, connect }) {
  const connecting = await connect();
  await visit.page.goto(connecting.link);
  await logIn(visit, "revontuli");
  await visit.sees(LOG_IN, `Error: ${LOG_IN}`);
  await visit.isTold("No user of this bank has this name and this password.");
  assert.equal(await visit.page.getByLabel("User id").inputValue(), BANK.user);
  assert.equal(await visit.page.getByLabel("Password").inputValue(), "");
  await logIn(visit);
  await confirm(visit, "654321");
  await visit.sees(CONFIRM, `Error: ${CONFIRM}`);
  await visit.isTold("The one-time password is wrong.");
  connecting.waits();
  await confirm(visit);
  await visit.sees(SHARE);
  await press(visit, "Approve");
  await visit.sees("Thank you");
  await connecting.ends(0);
  await visit.end(["422 (Unprocessable Entity)", "422 (Unprocessable Entity)"]);
}

async function goBack({ visit, connect, accounts }) {
  const connecting = await connect();
  await visit.page.goto(connecting.link);
  await logIn(visit);
  await visit.sees(CONFIRM);
  await visit.page.reload();
  await visit.sees(CONFIRM);
  await confirm(visit);
  await visit.sees(SHARE);
  // Neither asks whether the form may be sent once more. Whoever has logged in stays so.
  await visit.page.reload();
  await visit.sees(SHARE);
  await visit.page.goBack();
  await visit.sees(SHARE);
  await press(visit, "Approve");
  await visit.sees("Thank you");
  await connecting.ends(0);
  assert.deepEqual(await accounts(), ACCOUNTS);
  await visit.page.goBack();
  await visit.sees(OVER);
  await visit.end(["404 (Not Found)"]);
}

async function comeLate({ visit, connect, redirectUrl }) {
  const connecting = await connect("--timeout", "2");
  await visit.page.goto(connecting.link);
  await logIn(visit);
  await confirm(visit);
  await visit.sees(SHARE);
  await connecting.ends(5);
  assert.match(connecting.err, /the browser did not come back from the bank within 2 s/);
  const lost = visit.page.waitForEvent("requestfailed", (request) => request.url().startsWith(redirectUrl));
  await Promise.all([lost, press(visit, "Approve")]);
  assert.equal((await lost).failure().errorText, "net::ERR_CONNECTION_REFUSED");
  await visit.picture("nobody there");
  // The next one is not troubled by it.
  const again = await connect();
  await visit.page.goto(again.link);
  await logIn(visit);
  await confirm(visit);
  await press(visit, "Approve");
  await visit.sees("Thank you");
  await again.ends(0);
  await visit.end();
}

async function forge({ visit, connect, redirectUrl }) {
  const connecting = await connect();
  await visit.page.goto(`${redirectUrl}?code=x&state=y`);
  await visit.sees("Not this one");
  await connecting.says("err", /a browser came back, but .*; still waiting\n/);
  connecting.waits();
  await visit.page.goto(connecting.link);
  await logIn(visit);
  await confirm(visit);
  await press(visit, "Approve");
  await visit.sees("Thank you");
  await connecting.ends(0);
  await visit.end(["400 (Bad Request)"]);
}

async function useKeyboard({ visit, connect, accounts, disconnect }) {
  await disconnect();
  const connecting = await connect();
  const { keyboard } = visit.page;
  const isAt = async (name) => assert.equal(await visit.page.evaluate(focused), name);
  await visit.page.goto(connecting.link);
  await isAt("User id");
  await keyboard.type(BANK.user);
  await keyboard.press("Tab");
  await isAt("Password");
  await keyboard.type(BANK.password);
  await visit.sees(LOG_IN);
  await keyboard.press("Enter");
  await visit.sees(CONFIRM);
  await isAt("One-time password");
  await keyboard.type(BANK.otp);
  await keyboard.press("Enter");
  await visit.sees(SHARE);
  for (const name of ACCOUNTS) {
    await keyboard.press("Tab");
    assert.match(await visit.page.evaluate(focused), new RegExp(`^${name}`));
    // All but the last.
    if (name === ACCOUNTS.at(-1)) await keyboard.press("Space");
  }
  await visit.picture("one left out");
  for (const name of ["Approve", "Deny", "Cancel"]) {
    await keyboard.press("Tab");
    await isAt(name);
  }
  await keyboard.press("Shift+Tab");
  await keyboard.press("Shift+Tab");
  await visit.picture("at approve");
  await keyboard.press("Enter");
  await visit.sees("Thank you");
  await connecting.ends(0);
  assert.deepEqual(await accounts(), ACCOUNTS.slice(0, -1));
  await visit.end();
}

/** Runs in the page: what has the focus, by its label or its text. */
function focused() {
  const element = document.activeElement;
  return (element.labels?.[0] ?? element).textContent.trim();
}

async function logIn(visit, password = BANK.password) {
  await visit.page.getByLabel("User id").fill(BANK.user);
  await visit.page.getByLabel("Password").fill(password);
  await visit.picture("log in");
  await press(visit, "Log in");
}

async function confirm(visit, otp = BANK.otp) {
  await visit.page.getByLabel("One-time password").fill(otp);
  await visit.picture("confirm");
  await press(visit, "Confirm");
}

async function press(visit, name) {
  await visit.page.getByRole("button", { name, exact: true }).click();
}

function box(visit, name) {
  return visit.page.getByRole("checkbox", { name });
}

/** Runs the scenarios one after the other, and says how many failed. */
async function runAll(desk, browser, pictures) {
  const redirectUrl = `http://127.0.0.1:${await freePort()}/redirect`;
  const sandbox = await desk.sandbox("--port", "0", "--without-consent", "--redirect-url", redirectUrl);
  const connect = (...words) => desk.connect("--redirect-url", redirectUrl, ...words);
  const login = () => desk.login("aino@example.com");
  const accounts = async () => {
    const { out } = await desk.run("accounts", "--sandbox", "--format", "json");
    return JSON.parse(out).map((row) => row.account.product);
  };
  const disconnect = () => desk.run("disconnect", "--all", "--sandbox");
  let failed = 0;
  for (const [name, options, scenario] of SCENARIOS) {
    const started = performance.now();
    const folder = join(pictures, name.replace(/\W+/g, "-"));
    mkdirSync(folder);
    const visit = await Visit.begin(browser, folder, options);
    let error;
    try {
      await scenario({ visit, login, connect, accounts, disconnect, redirectUrl });
    } catch (thrown) {
      error = thrown;
      await visit.giveUp();
      // What the next ones need, it must not hold on to.
      desk.stopAllBut(sandbox);
    }
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${error ? "FAILED" : "passed"} ${name} (${seconds} s)`);
    if (error) {
      failed += 1;
      console.error(error);
    }
  }
  return failed;
}

async function main() {
  const text = { type: "string" };
  const options = { command: text, chromium: text, playwright: text, pictures: text };
  const { values } = parseArgs({ options });
  const { chromium } = createRequire(join(values.playwright, "/"))("playwright-core");
  rmSync(values.pictures, { recursive: true, force: true });
  mkdirSync(values.pictures, { recursive: true });
  const desk = new Desk(values.command);
  // However this ends, nothing goes on running and nothing stays behind but the pictures.
  process.on("exit", () => desk.clear());
  for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
  let browser;
  try {
    browser = await openBrowser(chromium, values.chromium, desk.home);
  } catch (error) {
    console.error(`the browser cannot be started: ${error.message}`);
    return 2;
  }
  console.log(`${values.chromium} ${browser.version()}`);
  try {
    const failed = await within(LIMIT, "all scenarios", runAll(desk, browser, values.pictures));
    console.log(`browser: ${SCENARIOS.length - failed} scenarios passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  } finally {
    await within(20, "the end of the browser", browser.close());
  }
}

// Not by itself: where something hangs, it would not end.
process.exit(await main());
