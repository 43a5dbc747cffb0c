// The tortured organisation as it begins: everybody is activated, and up to date.

import { mkdir } from "node:fs/promises";
import { join } from "node:path";

import { activations } from "@lockstep/api";
import type { OrganisationId, UserId } from "@lockstep/core";

import type { Database } from "../../apps/server/src/db/database.ts";
import { Administrator } from "./administrator.ts";
import { Draws } from "./draws.ts";
import type { Installation } from "../installation.ts";
import { Machine, type Held } from "./machine.ts";
import { populate, type People } from "./people.ts";

const sizes = { working: 10, waiting: 1200 } as const;

export interface Scene {
  readonly installation: Installation;
  readonly database: Database;
  readonly people: People;
  readonly machines: readonly Machine[];
  readonly administrator: Administrator;
  readonly held: Held;
}

/** Everybody is activated and up to date, one of them on two workstations. */
export async function beginScene(
  { installation, database, folder }: { installation: Installation; database: Database; folder: string },
  seed: number,
): Promise<Scene> {
  const people = await populate(installation, database, sizes);
  const place = join(folder, "workstations");
  await mkdir(place, { mode: 0o700 });
  const held: Held = new Map();
  const machines: Machine[] = [];
  const { call, organisationId, relay } = installation;
  for (const [at, userId] of [...people.working, ...people.working.slice(0, 1)].entries()) {
    const params = { organisationId, userId };
    const { code, relays } = await call(activations.issueActivationCode, { params, body: {} });
    const machine = await Machine.make(`WS-${at}`, { folder: place, relay, held });
    await offered(installation, params);
    await machine.activate(code, relays);
    machines.push(machine);
  }
  const administrator = new Administrator(installation, people, new Draws(seed, "administrator"));
  return { installation, database, people, machines, administrator, held };
}

/** The relay has what the code opens. */
async function offered(
  { call }: Installation,
  params: { readonly organisationId: OrganisationId; readonly userId: UserId },
): Promise<void> {
  for (;;) {
    const { codes } = await call(activations.listActivationCodes, { params });
    if (codes[0]?.isOffered !== false) return;
  }
}
