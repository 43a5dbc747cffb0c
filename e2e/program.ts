// One of our programs as a process that a test kills and starts again, on the same data and at the same address.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";

export interface ProgramOptions {
  /** Its main file. */
  readonly main: string;
  readonly parameters?: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The setting for the port: any that is free at first, and then that one. */
  readonly portSetting: string;
  /** The line with which it says that it runs; its first group is where. */
  readonly says: RegExp;
}

/** More of its output than this is not kept. */
const mostOutput = 100_000;

export class Program {
  readonly #options: ProgramOptions;
  #child: ChildProcess | undefined;
  #isKilled = false;
  #isRunning = false;
  #running = Promise.withResolvers<RegExpExecArray>();
  #port = "0";
  /** All that it has said, over all of its lives. */
  output = "";

  constructor(options: ProgramOptions) {
    this.#options = options;
  }

  /** Resolves with what it said once it runs: now, or after the next start. */
  async running(): Promise<RegExpExecArray> {
    return this.#running.promise;
  }

  async origin(): Promise<string> {
    return (await this.running())[1] ?? "";
  }

  /**
   * Starts it, and waits until it runs, or is killed before.
   * @throws Error when it ends by itself.
   */
  async start(): Promise<void> {
    const { main, parameters = [], environment, portSetting, says } = this.#options;
    this.#isKilled = false;
    const child = spawn(process.execPath, [main, ...parameters], {
      env: { PATH: process.env["PATH"], ...environment, [portSetting]: this.#port },
      // Its standard input ends with this process, however that ends: what is attached to it ends as well.
      stdio: ["pipe", "pipe", "pipe"],
    });
    this.#child = child;
    let said = "";
    const hear = (text: string) => {
      this.output = (this.output + text).slice(-mostOutput);
      said += text;
      const found = says.exec(said);
      if (found !== null && !this.#isKilled && !this.#isRunning) this.#runs(found);
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", hear);
    const ended = once(child, "close").then(() => undefined);
    await Promise.race([this.running(), ended]);
    if (child.exitCode !== null) this.#endedByItself();
  }

  #runs(found: RegExpExecArray): void {
    this.#port = new URL(found[1] ?? "").port;
    this.#isRunning = true;
    this.#running.resolve(found);
  }

  #endedByItself(): never {
    const error = new Error(`${this.#options.main} ended by itself:\n${this.output}`);
    if (this.#isRunning) this.#running = Promise.withResolvers();
    this.#isRunning = false;
    // Nobody may be waiting for the next life, which will not come.
    this.#running.promise.catch(() => undefined);
    this.#running.reject(error);
    throw error;
  }

  /** Ends it at this very moment, whatever it does. @throws Error when it had ended by itself. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** As an operator stops it. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM");
  }

  /** For the end of a test, whatever has happened before. */
  async end(): Promise<void> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    await this.kill();
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === undefined || this.#isKilled) return;
    if (child.exitCode !== null || child.signalCode !== null) this.#endedByItself();
    this.#isKilled = true;
    // Before it is gone, so that whoever is cut off waits for the next life.
    if (this.#isRunning) this.#running = Promise.withResolvers();
    this.#isRunning = false;
    const ended = once(child, "close");
    child.kill(signal);
    await ended;
  }
}

/** On a connection of its own: a kept one would be to a life that has ended. */
export const anew: typeof fetch = (address, request) => {
  const headers = new Headers(request?.headers);
  headers.set("connection", "close");
  return fetch(address, { ...request, headers });
};
