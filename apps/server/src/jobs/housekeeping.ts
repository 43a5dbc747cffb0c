// What happens by time and changes no status: folding counters, sealing events, auditing a slice at a time, ending
// sessions, forgetting answered calls, sealing keys anew, and the nightly canary. Each task is right however many
// servers run it at once.

import { setTimeout as pause } from "node:timers/promises";

import type { OrganisationId, UserId } from "@lockstep/core";

import { sealEvents } from "../audit/seals.ts";
import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { auditSlice, type Drift } from "../facts/auditor.ts";
import { deleteAnsweredCalls } from "../calls/store.ts";
import { deleteDeadPostures, foldDeltas } from "../facts/store.ts";
import { canaryIsDue, runCanary } from "../keys/sealing/canary.ts";
import { dropUnusedVersions, rewrapRound } from "../keys/sealing/rewrap.ts";
import type { Binding, KeyEncryption } from "../keys/sealing/sealing.ts";
import { countLeft, findLastCanaryRun } from "../keys/sealing/store.ts";
import { listOrganisations } from "../organisations/store.ts";
import { idleMilliseconds } from "../sessions/gate.ts";
import { browserKnownMilliseconds } from "../sessions/known-browsers.ts";
import { deleteUnusedBrowsers } from "../sessions/known-browsers/store.ts";
import { tellOfLocks } from "../sessions/attempts.ts";
import { deleteOldTries } from "../sessions/attempts/store.ts";
import { deleteEndedSessions } from "../sessions/store.ts";

export interface HousekeepingOptions {
  readonly database: Database;
  readonly clock: Clock;
  readonly keyEncryption: KeyEncryption;
  readonly intervalMilliseconds: number;
  /** Key material does not open any more. It must be restored while there are backups that still have it. */
  readonly onUnreadable: (unreadable: readonly Binding[]) => void;
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

/** A call repeated later than this is carried out anew. */
const answeredForMilliseconds = 24 * 60 * 60 * 1000;

/** One round over every organisation; `reached` remembers how far the audit of each has come. */
export async function runRound(
  options: HousekeepingOptions,
  reached: Map<OrganisationId, UserId | null>,
): Promise<void> {
  const { database, clock, onDrift } = options;
  for (const { id } of await database.snapshot(listOrganisations)) {
    await database.transaction((transaction) => foldDeltas(transaction, id));
    await database.transaction((transaction) => deleteDeadPostures(transaction, id));
    await sealEvents(database, clock, id);
    await forgetOld(options, id);
    const { drifted, next } = await auditSlice({ database, clock }, id, {
      after: reached.get(id) ?? null,
      limit: slice,
    });
    reached.set(id, next);
    if (drifted.length > 0) onDrift(id, drifted);
    await sealAnew(options, id);
  }
  await keepTries(options);
  await keepWatch(options);
}

/** Those of people go into their timelines before they are forgotten. */
async function keepTries({ database, clock }: HousekeepingOptions): Promise<void> {
  await tellOfLocks({ database, clock });
  await database.transaction((transaction) => deleteOldTries(transaction, clock()));
}

async function forgetOld({ database, clock }: HousekeepingOptions, id: OrganisationId): Promise<void> {
  const at = clock();
  const ago = (milliseconds: number) => new Date(at.getTime() - milliseconds);
  await database.transaction(async (transaction) => {
    await deleteEndedSessions(transaction, id, { at, idleSince: ago(idleMilliseconds) });
    await deleteUnusedBrowsers(transaction, id, ago(browserKnownMilliseconds));
    await deleteAnsweredCalls(transaction, id, ago(answeredForMilliseconds));
  });
}

async function sealAnew(
  { database, keyEncryption, onUnreadable }: HousekeepingOptions,
  id: OrganisationId,
): Promise<void> {
  const { currentVersion } = keyEncryption;
  const left = await database.snapshot((snapshot) => countLeft(snapshot, id, currentVersion));
  if (left === 0) return;
  const { unreadable } = await rewrapRound(database, keyEncryption, id);
  if (unreadable.length > 0) onUnreadable(unreadable);
}

/** Once a day, whichever server comes first. */
async function keepWatch({
  database,
  clock,
  keyEncryption,
  onUnreadable,
}: HousekeepingOptions): Promise<void> {
  const last = await database.snapshot(findLastCanaryRun);
  if (!canaryIsDue(last, clock())) return;
  const { firstUnreadable } = await runCanary(database, keyEncryption, clock);
  if (firstUnreadable !== null) onUnreadable([firstUnreadable]);
  await dropUnusedVersions(database, keyEncryption, clock);
}
