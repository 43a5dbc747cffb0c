// A workstation in a folder of its own, with a clock that a test can turn.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterAll } from "vitest";

import { activate } from "../activate.ts";
import { profileIn, type Profile } from "../profile.ts";
import { WorkstationRefusal } from "../refusal.ts";
import { anew, type Activation, type Organisation } from "./organisation.ts";

export const password = "correct horse battery";

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "lockstep-workstation-"));
  folders.push(folder);
  return folder;
}

export interface TestWorkstation extends Profile {
  /** Seconds by which its clock is ahead. */
  ahead: number;
}

/** A workstation without a keyring, unless one is given. */
export async function workstation(
  given: Partial<Profile> = {},
  folder = join(temporaryFolder(), "profile"),
): Promise<TestWorkstation> {
  const clock = { ahead: 0 };
  const profile = await profileIn(folder, "lockstep-client 1.0.0", {
    machine: { id: "machine-1", name: "WS-IT-1", os: "Debian 13", client: "lockstep-client 1.0.0" },
    keyring: null,
    runtimeFolder: temporaryFolder(),
    fetch: anew,
    ...given,
    now: () => Math.floor(Date.now() / 1000) + clock.ahead,
  });
  return Object.assign(clock, profile);
}

/** Activates, with the organisation answering meanwhile. */
export async function activated(
  organisation: Organisation,
  relay: { readonly origin: string },
  changes: {
    readonly given?: Partial<Profile>;
    readonly keyFile?: Parameters<Organisation["admit"]>[2];
  } = {},
): Promise<{ profile: TestWorkstation; activation: Activation }> {
  const activation = await organisation.issue();
  const profile = await workstation(changes.given);
  const asking = activate(profile, {
    code: activation.code,
    relays: [relay.origin],
    password,
    waitSeconds: 20,
  });
  await Promise.all([organisation.admit(activation, 20, changes.keyFile), asking]);
  return { profile, activation };
}

/** The code of the refusal, or "done". */
export async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "done";
  } catch (error) {
    if (error instanceof WorkstationRefusal) return error.code;
    throw error;
  }
}
