// The timeline of one user: the own events, merged with those of the team while a member, of the licence while
// holding a seat of it, and of the organisation.

import type { TimelineEntry } from "@lockstep/api";
import type { LicenceId, OrganisationId, TeamId, UserId } from "@lockstep/core";

import { sentenceOf } from "../audit/kinds.ts";
import { listEventsOfUser, listTimelineEvents, type Period, type ToldEvent } from "../audit/store.ts";
import type { Snapshot } from "../db/database.ts";
import { loadTeamLevels } from "../facts/store.ts";
import { loadOrganisation } from "../organisations/store.ts";
import { Refusal } from "../refusal.ts";
import { findUser } from "../users/store.ts";

/** @throws Refusal organisation_not_found, user_not_found. */
export async function listTimeline(
  snapshot: Snapshot,
  organisationId: OrganisationId,
  userId: UserId,
  limit: number,
): Promise<TimelineEntry[]> {
  const user = await findUser(snapshot, organisationId, userId);
  if (user === undefined) {
    await loadOrganisation(snapshot, organisationId);
    throw new Refusal("user_not_found");
  }
  const own = await listEventsOfUser(snapshot, organisationId, userId);
  const teams: Period<readonly TeamId[]>[] = [];
  for (const period of periodsOf(own, ["user-added", "user-moved"], ({ teamId }) => teamId)) {
    const levels = await loadTeamLevels(snapshot, organisationId, [period.of]);
    const above = levels.filter(({ affected, id }) => !affected || id === period.of);
    teams.push({ ...period, of: above.map(({ id }) => id) });
  }
  const licences = periodsOf(own, ["licence-assigned", "licence-returned"], ({ kind, licenceId }) =>
    kind === "licence-assigned" ? licenceId : null,
  ).map((period) => ({ ...period, of: [period.of] }));
  const events = await listTimelineEvents(snapshot, organisationId, { userId, teams, licences, limit });
  return events.map(entryOf);
}

/** From each of the events to the next: what it says holds until then. */
function periodsOf<Id extends TeamId | LicenceId>(
  events: readonly ToldEvent[],
  kinds: readonly string[],
  pick: (event: ToldEvent) => Id | null,
): Period<Id>[] {
  const turns = events.filter(({ kind }) => kinds.includes(kind));
  return turns.flatMap((event, at) => {
    const of = pick(event);
    return of === null ? [] : [{ of, from: event.at, before: turns[at + 1]?.at ?? null }];
  });
}

function entryOf(event: ToldEvent): TimelineEntry {
  const { id, at, kind, actor, userId, teamId, licenceId, detail } = event;
  const of =
    userId !== null ? "user" : teamId !== null ? "team" : licenceId !== null ? "licence" : "organisation";
  return { id, at, kind, sentence: sentenceOf(event), by: actor, of, detail };
}
