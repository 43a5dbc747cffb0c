// Recomputes postures and counters from the facts, by core's own function, and reports what differs.

import { isDeepStrictEqual } from "node:util";

import { postureOf, type OrganisationId, type PostureId, type UserId } from "@lockstep/core";

import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { empty } from "./identity.ts";

import { lockUsers, refreshPostures } from "./store.ts";
import { listCounters, listUserIds, loadPosturesOf, loadUserFacts } from "./raw/store.ts";

/** A user who is not in the posture that the facts give. */
export interface Drift {
  readonly userId: UserId;
  readonly stored: unknown;
  readonly derived: unknown;
}

/** Compares the postures of some users with their facts, in one snapshot. */
export async function auditUsers(
  database: Database,
  organisationId: OrganisationId,
  users: readonly UserId[],
): Promise<Drift[]> {
  return database.snapshot(async (snapshot) => {
    const facts = await loadUserFacts(snapshot, organisationId, users);
    const stored = await loadPosturesOf(snapshot, organisationId, users);
    return users.flatMap((userId) => {
      const known = facts.get(userId);
      const derived = known === undefined ? null : postureOf(known, empty.id);
      const actual = stored.get(userId) ?? null;
      return isDeepStrictEqual(actual, derived) ? [] : [{ userId, stored: actual, derived }];
    });
  });
}

/** Counters that differ from the number of users in their posture; the pending deltas included. */
export async function countersOff(
  database: Database,
  organisationId: OrganisationId,
): Promise<{ postureId: PostureId; counted: number; users: number }[]> {
  const counters = await database.snapshot((snapshot) => listCounters(snapshot, organisationId));
  return counters.filter(({ counted, users }) => counted !== users);
}

export interface Audit {
  readonly audited: number;
  readonly drifted: readonly Drift[];
  /** Where the next slice begins; null after the last. */
  readonly next: UserId | null;
}

/** Audits a slice of an organisation and heals what has drifted. Drift is a bug: whoever calls says so aloud. */
export async function auditSlice(
  { database, clock }: { database: Database; clock: Clock },
  organisationId: OrganisationId,
  { after, limit }: { after: UserId | null; limit: number },
): Promise<Audit> {
  const users = await database.snapshot((snapshot) =>
    listUserIds(snapshot, organisationId, { after, limit }),
  );
  const drifted = await auditUsers(database, organisationId, users);
  const ids = drifted.map(({ userId }) => userId);
  if (ids.length > 0) {
    await database.transaction(async (transaction) => {
      await lockUsers(transaction, organisationId, ids);
      await refreshPostures(transaction, organisationId, ids, clock());
    });
  }
  return { audited: users.length, drifted, next: users.length < limit ? null : (users.at(-1) ?? null) };
}
