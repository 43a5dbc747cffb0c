// One run of the program: what was said on the command line and in the environment, and which profile is meant.

import { readFileSync } from "node:fs";
import { join } from "node:path";

import { profileIn, type Profile } from "@lockstep/workstation";
import { z } from "zod";

import { parseEnvironment } from "./environment.ts";
import { say, sayJson } from "./terminal.ts";

/** What every command takes. */
export interface Options {
  readonly json?: true;
  readonly profile: string;
}

const manifest = z.object({ version: z.string() });

/** As `package.json` has it. */
export function version(): string {
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return manifest.parse(JSON.parse(text)).version;
}

export class Invocation {
  readonly #environment: NodeJS.ProcessEnv;
  readonly #options: () => Options;

  /** @param options read late, when the command line has been parsed. */
  constructor(environment: NodeJS.ProcessEnv, options: () => Options) {
    this.#environment = environment;
    this.#options = options;
  }

  get profileName(): string {
    return this.#options().profile;
  }

  /** The folders in which this program keeps what it needs to open anything. */
  get ourFolders(): readonly string[] {
    const { home, runtimeFolder } = parseEnvironment(this.#environment);
    return runtimeFolder === null ? [home] : [home, runtimeFolder];
  }

  get isJson(): boolean {
    return this.#options().json ?? false;
  }

  /** The profile that was named. Nothing is made or read before it is used. */
  async profile(): Promise<Profile> {
    const { home, runtimeFolder } = parseEnvironment(this.#environment);
    const folder = join(home, this.profileName);
    return profileIn(folder, `lockstep-client ${version()}`, { runtimeFolder });
  }

  /** The value, if `--json` asked for it; else the screen. */
  show(value: object, screen: () => string): void {
    if (this.isJson) sayJson(value);
    else say(screen());
  }
}
