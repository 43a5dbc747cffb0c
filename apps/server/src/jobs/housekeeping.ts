// What happens by time and changes no status: folding counters, sealing events, auditing a slice at a time.
// Each task is right however many servers run it at once.

import { setTimeout as pause } from "node:timers/promises";

import type { OrganisationId, UserId } from "@lockstep/core";

import { sealEvents } from "../audit/seals.ts";
import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { auditSlice, type Drift } from "../facts/auditor.ts";
import { deleteDeadPostures, foldDeltas } from "../facts/store.ts";
import { listOrganisations } from "../organisations/store.ts";

export interface HousekeepingOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly intervalMilliseconds: number;
  /** A posture differed from its facts. It is healed already; it must never happen. */
  readonly onDrift: (organisationId: OrganisationId, drifted: readonly Drift[]) => void;
  /** A round failed, as when the database is away. The next one tries again. */
  readonly onFailure: (error: unknown) => void;
}

/** Users audited of each organisation in one round. */
const slice = 500;

/** Starts the rounds. @returns what stops them, once the present round has ended. */
export function startHousekeeping(options: HousekeepingOptions): () => Promise<void> {
  const stopping = new AbortController();
  const reached = new Map<OrganisationId, UserId | null>();
  const rounds = async () => {
    while (!stopping.signal.aborted) {
      await runRound(options, reached).catch(options.onFailure);
      await pause(options.intervalMilliseconds, undefined, { signal: stopping.signal }).catch(
        () => undefined,
      );
    }
  };
  const running = rounds();
  return async () => {
    stopping.abort();
    await running;
  };
}

/** One round over every organisation; `reached` remembers how far the audit of each has come. */
export async function runRound(
  { database, clock, onDrift }: HousekeepingOptions,
  reached: Map<OrganisationId, UserId | null>,
): Promise<void> {
  for (const { id } of await database.snapshot(listOrganisations)) {
    await database.transaction((transaction) => foldDeltas(transaction, id));
    await database.transaction((transaction) => deleteDeadPostures(transaction, id));
    await sealEvents(database, clock, id);
    const { drifted, next } = await auditSlice({ database, clock }, id, {
      after: reached.get(id) ?? null,
      limit: slice,
    });
    reached.set(id, next);
    if (drifted.length > 0) onDrift(id, drifted);
  }
}
