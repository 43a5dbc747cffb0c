// A workstation among those that are tortured: the real core with a profile of its own, and somebody who logs in. Every
// Key-File that it ever holds is remembered.

import { readFile } from "node:fs/promises";
import { join } from "node:path";

import {
  activate,
  login,
  profileIn,
  status,
  sync,
  WorkstationRefusal,
  type Profile,
} from "@lockstep/workstation";
import { z } from "zod";

import { anew, type Program } from "../program.ts";

/** What must never happen has happened. */
export class Violation extends Error {}

/** Every Key-File that was ever held, by activation, epoch and version: of each there is one content. */
export type Held = Map<string, string>;

const client = "lockstep-client 0.1.0";
const password = "correct horse battery staple";

const mark = z.object({ epoch: z.int(), version: z.int(), hash: z.string() });
const state = z.object({ act: z.string(), key_file: mark });
const profileFile = z.object({
  device: z.object({ content: z.object({ device: z.object({ state }) }) }),
});

export class Machine {
  readonly #name: string;
  readonly #relay: Program;
  readonly #profile: Profile;
  readonly #held: Held;
  #newest = { epoch: 0, version: 0 };

  private constructor(name: string, parts: { relay: Program; profile: Profile; held: Held }) {
    this.#name = name;
    this.#relay = parts.relay;
    this.#profile = parts.profile;
    this.#held = parts.held;
  }

  /** @param folder a private one. */
  static async make(name: string, { folder, relay, held }: { folder: string; relay: Program; held: Held }) {
    const profile = await profileIn(join(folder, name), client, {
      machine: { id: name, name, os: "Linux", client },
      keyring: null,
      runtimeFolder: folder,
      fetch: anew,
    });
    return new Machine(name, { relay, profile, held });
  }

  async activate(code: string, relays: readonly string[]): Promise<void> {
    await activate(this.#profile, { code, relays, password, waitSeconds: 30 });
    await this.#logIn();
    await this.#look();
  }

  /** One round with the relay, which may be cut off anywhere; then somebody logs in, unless it is locked. */
  async sync(): Promise<void> {
    try {
      this.#judge((await sync(this.#profile)).happenings);
    } catch (error) {
      if (!(error instanceof WorkstationRefusal && error.code === "relay-unreachable")) throw error;
      await this.#relay.running();
    }
    await this.#logIn();
    await this.#look();
  }

  async #logIn(): Promise<void> {
    const now = await status(this.#profile);
    if (now.stage !== "active") throw new Violation(`${this.#name} is not active any more`);
    if (now.isLoggedIn || now.obstacle !== null) return;
    this.#judge((await login(this.#profile, { password })).happenings);
  }

  #judge(happenings: Awaited<ReturnType<typeof sync>>["happenings"]): void {
    for (const each of happenings)
      if (each.kind === "rejected") throw new Violation(`${this.#name} refused what came: ${each.code}`);
  }

  async #look(): Promise<void> {
    const text = await readFile(join(this.#profile.folder, "profile.json"), "utf8");
    const { act, key_file: keyFile } = profileFile.parse(JSON.parse(text)).device.content.device.state;
    const { epoch, version, hash } = keyFile;
    const place = `${act} ${epoch} ${version}`;
    if ((this.#held.get(place) ?? hash) !== hash) throw new Violation(`two Key-Files are ${place}`);
    this.#held.set(place, hash);
    const before = this.#newest;
    if (epoch < before.epoch || (epoch === before.epoch && version < before.version))
      throw new Violation(`${this.#name} went back to ${place}`);
    this.#newest = { epoch, version };
  }

  /** Reports that the server has not taken yet. */
  async unsent(): Promise<number> {
    const now = await status(this.#profile);
    return now.stage === "active" ? now.unsentReports : 0;
  }
}
