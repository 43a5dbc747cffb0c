// Links events into a hash chain in batches. Chaining in the transaction of the change would make everybody in
// an organisation wait for everybody else.

import { createHash } from "node:crypto";

import { canonicalJson, type OrganisationId } from "@lockstep/core";

import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import {
  countEvents,
  findLastSeal,
  insertSeal,
  listSeals,
  loadEvents,
  lockSeals,
  takeUnsealed,
  type Event,
} from "./store.ts";

/** What the first seal links to. */
const origin = "0".repeat(64);
const batch = 1000;

function hashOf(previousHash: string, events: readonly Event[]): string {
  const hash = createHash("sha256").update(previousHash, "hex");
  for (const event of events) hash.update(canonicalJson(event), "utf8");
  return hash.digest("hex");
}

/** Seals every event of the tail. @returns how many were sealed. */
export async function sealEvents(
  database: Database,
  clock: Clock,
  organisationId: OrganisationId,
): Promise<number> {
  for (let sealed = 0; ;) {
    const taken = await database.transaction(async (transaction) => {
      await lockSeals(transaction, organisationId);
      const last = await findLastSeal(transaction, organisationId);
      const events = await takeUnsealed(transaction, organisationId, batch);
      if (events.length === 0) return 0;
      const previousHash = last?.hash ?? origin;
      const seal = {
        number: (last?.number ?? 0) + 1,
        eventIds: events.map(({ id }) => id),
        previousHash,
        hash: hashOf(previousHash, events),
      };
      await insertSeal(transaction, organisationId, seal, clock());
      return events.length;
    });
    sealed += taken;
    if (taken < batch) return sealed;
  }
}

export interface Verification {
  readonly sealed: number;
  /** The tail that no seal covers yet. */
  readonly unsealed: number;
  /** The first seal that does not fit what is stored, or null. */
  readonly brokenSeal: number | null;
  /** Events that are neither sealed nor in the tail: they were put in past the product, or the tail was cut. */
  readonly strangers: number;
}

/** Recomputes the chain from the events as they are stored. */
export async function verifyEvents(
  database: Database,
  organisationId: OrganisationId,
): Promise<Verification> {
  return database.snapshot(async (snapshot) => {
    const { unsealed, total } = await countEvents(snapshot, organisationId);
    let previous = { number: 0, hash: origin };
    let sealed = 0;
    let brokenSeal: number | null = null;
    for (;;) {
      const seals = await listSeals(snapshot, organisationId, { after: previous.number });
      if (seals.length === 0) break;
      for (const seal of seals) {
        const stored = await loadEvents(snapshot, organisationId, seal.eventIds);
        const events = seal.eventIds.flatMap((id) => stored.get(id) ?? []);
        const follows = seal.number === previous.number + 1 && seal.previousHash === previous.hash;
        const whole =
          events.length === seal.eventIds.length && seal.hash === hashOf(seal.previousHash, events);
        if (brokenSeal === null && !(follows && whole)) brokenSeal = seal.number;
        sealed += events.length;
        previous = seal;
      }
    }
    return { sealed, unsealed, brokenSeal, strangers: total - sealed - unsealed };
  });
}
