// A home folder of its own, and the command in it: what tests/cli/desk.rs is to the tests.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

// How long a command may take for anything, in seconds. Far more than it needs: only what hangs meets it.
const PATIENCE = 20;

/** A user's home, empty to begin with. */
export class Desk {
  #command;
  #running = new Set();

  constructor(command) {
    this.#command = command;
    this.home = mkdtempSync(join(tmpdir(), "tilisy-browser-"));
  }

  /** Starts the command, with nothing from the environment of whoever runs this. */
  start(...words) {
    const options = { cwd: this.home, env: { HOME: this.home }, stdio: ["ignore", "pipe", "pipe"] };
    const running = new Running(words, spawn(this.#command, words, options));
    this.#running.add(running);
    return running;
  }

  /** Runs the command to its end, which has to be a good one. */
  async run(...words) {
    const running = this.start(...words);
    await running.ends(0);
    return running;
  }

  /** Runs a sandbox until the desk is cleared. */
  async sandbox(...words) {
    const running = this.start("sandbox", "--json", ...words);
    // The line is there once it listens, and no earlier.
    await running.says("out", /\n/);
    return running;
  }

  /** Starts to connect, and waits for the link. */
  async connect(...words) {
    const running = this.start("connect", "Saimaan Pankki", "--country", "FI", "--sandbox", "--no-browser", ...words);
    [, running.link] = await running.says("err", /^open this in a browser: (\S+)\n/m);
    return running;
  }

  /** Starts to sign in, and waits for the link of the simulated mail. */
  async login(email) {
    const running = this.start("login", email, "--sandbox");
    [, running.link] = await running.says("err", /^the mail of the sandbox has this link: (\S+)\n/m);
    return running;
  }

  /** Ends what still runs, except for one of them. */
  stopAllBut(one) {
    for (const running of this.#running) if (running !== one) running.child.kill("SIGKILL");
  }

  /** Ends what still runs, and takes the folder away. Waits for nothing, as a process that ends cannot. */
  clear() {
    this.stopAllBut();
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The command, from its start on. */
class Running {
  out = "";
  err = "";

  constructor(words, child) {
    this.words = words;
    this.child = child;
    this.end = new Promise((resolve, reject) => {
      child.on("error", reject).on("close", (code, signal) => resolve(code ?? signal));
    });
    // Whoever waits for the end hears of the error. Where nobody does, something else has failed already.
    this.end.catch(() => {});
    child.stdout.setEncoding("utf8").on("data", (text) => (this.out += text));
    child.stderr.setEncoding("utf8").on("data", (text) => (this.err += text));
  }

  /** Waits until it has said something. */
  async says(where, pattern) {
    const stream = where === "out" ? this.child.stdout : this.child.stderr;
    let look;
    const found = new Promise((resolve, reject) => {
      look = () => pattern.test(this[where]) && resolve(pattern.exec(this[where]));
      stream.on("data", look);
      this.end.then((code) => reject(new Error(`ended with ${code} before it said ${pattern}`)), reject);
      look();
    });
    try {
      return await within(PATIENCE, `${pattern} on std${where}`, found);
    } catch (error) {
      throw new Error(`${this}`, { cause: error });
    } finally {
      stream.off("data", look);
    }
  }

  /** Waits for its end, which has to have this code. */
  async ends(code) {
    assert.equal(await within(PATIENCE, `the end of ${this.words[0]}`, this.end), code, `${this}`);
  }

  /** It still runs. */
  waits() {
    assert.equal(this.child.exitCode, null, `${this}`);
  }

  toString() {
    return `tilisy ${this.words.join(" ")}\nstdout: ${this.out}\nstderr: ${this.err}`;
  }
}

/** What comes of a promise, or a failure once it has taken too long. */
export async function within(seconds, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${seconds} s in vain for ${what}`)), seconds * 1000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** A port of this machine that nobody listens at. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
