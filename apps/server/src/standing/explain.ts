// The standing of one user with everything it rests on, from one snapshot. Statuses, reasons and steps are
// core's; here each reason finds its evidence.

import type { Standing as Explained } from "@lockstep/api";
import {
  coreVersion,
  encryptionFactsOf,
  encryptionStatusOf,
  postureOf,
  standingOf,
  type ContentId,
  type Day,
  type Facts,
  type OrganisationId,
  type UserFacts,
  type UserId,
} from "@lockstep/core";

import type { Snapshot } from "../db/database.ts";
import { empty } from "../facts/identity.ts";
import { loadUserFacts } from "../facts/raw/store.ts";
import { loadKeyNames } from "../keys/store.ts";
import { loadOrganisation } from "../organisations/store.ts";
import { Refusal } from "../refusal.ts";
import { findUser } from "../users/store.ts";
import { evidenceFor, type Case } from "./evidence.ts";
import {
  listCausedRevisions,
  loadCircumstances,
  loadContents,
  loadWorkstations,
  type ActiveWorkstation,
  type CausedRevision,
  type Circumstances,
} from "./evidence/store.ts";

/** How far back the beginning of a status is looked for among a team's revisions. */
const revisionsLookedAt = 50;

/** @throws Refusal organisation_not_found, user_not_found. */
export async function explainStanding(
  snapshot: Snapshot,
  organisationId: OrganisationId,
  userId: UserId,
  today: Day,
): Promise<Explained> {
  const user = await findUser(snapshot, organisationId, userId);
  const circumstances = await loadCircumstances(snapshot, organisationId, userId, {
    today,
    asOf: snapshot.asOf,
  });
  const known = (await loadUserFacts(snapshot, organisationId, [userId])).get(userId);
  if (user === undefined || circumstances === undefined || known === undefined) {
    await loadOrganisation(snapshot, organisationId);
    throw new Refusal("user_not_found");
  }
  const workstations = await loadWorkstations(snapshot, organisationId, userId);
  const revisions = await listCausedRevisions(snapshot, organisationId, user.teamId, revisionsLookedAt);
  const wanted = wantedOf(known, circumstances);
  const expected = workstations.map(expectedOf);
  const contents = [wanted.team, wanted.own, ...expected.flatMap(({ team, own }) => [team, own])];
  const grounds: Case = {
    circumstances,
    workstations,
    wanted,
    revision: revisions.find(({ desiredContentId }) => desiredContentId === circumstances.desiredContentId),
    contents: await loadContents(snapshot, organisationId, contents),
    names: await loadKeyNames(snapshot, organisationId),
  };
  const facts = factsOf(known, circumstances, today);
  const { encryption, account, conditions, reasons, next } = standingOf(facts);
  return {
    coreVersion,
    asOf: snapshot.asOf,
    user: {
      id: user.id,
      name: user.name,
      username: user.username,
      email: user.email,
      teamId: user.teamId,
      team: circumstances.team,
    },
    encryption,
    encryptionSince: sinceOf(known, circumstances, { today, revisions }) ?? user.addedAt,
    account,
    conditions: [...conditions],
    reasons: reasons.map(({ code, sentence }) => ({ code, sentence, evidence: evidenceFor(code, grounds) })),
    next: [...next],
    workstations: workstations.map((workstation, at) => ({
      id: workstation.id,
      name: workstation.name,
      version: workstation.version,
      lastReportAt: workstation.lastReportAt,
      matches: expected[at]?.team === wanted.team && expected[at].own === wanted.own,
      updates: workstation.updates
        .filter(({ endedAt }) => endedAt === null)
        .map(({ id, kind, state, postedAt }) => ({ id, kind, state, postedAt })),
    })),
  };
}

function factsOf(user: UserFacts, circumstances: Circumstances, today: Day): Facts {
  const { desiredContentId, licenceUntil, organisation, authority, activationCode, seats } = circumstances;
  const expectation = {
    desiredTeamContentId: desiredContentId,
    emptyContentId: empty.id,
    licenceUntil,
    today,
  };
  const { account, blocked, disabled } = user;
  return {
    encryption: encryptionFactsOf(postureOf(user, empty.id), expectation),
    account: { account, blocked, disabled, organisation, authority },
    activationCode,
    seats,
  };
}

/** What the user's workstations should hold; without a licence, nothing. */
function wantedOf(user: UserFacts, { desiredContentId }: Circumstances): { team: ContentId; own: ContentId } {
  if (user.licenceId === null) return { team: empty.id, own: empty.id };
  return { team: desiredContentId, own: user.ownContent };
}

/** What a workstation holds, or will hold when the newest Key-File on its way has arrived. */
function expectedOf({ updates, appliedTeam, appliedOwn }: ActiveWorkstation): {
  team: ContentId;
  own: ContentId;
} {
  let newest = { version: 0, team: appliedTeam, own: appliedOwn };
  for (const { endedAt, version, team, own } of updates) {
    if (endedAt !== null || version === null || team === null || own === null) continue;
    if (version > newest.version) newest = { version, team, own };
  }
  return newest;
}

/**
 * When the present status began: the user's own last change, or the revision of the team before which the status
 * was another. No write per user is needed to know it.
 */
function sinceOf(
  user: UserFacts,
  circumstances: Circumstances,
  { today, revisions }: { today: Day; revisions: readonly CausedRevision[] },
): string | null {
  const { postureChangedAt } = circumstances;
  const statusWith = (desiredContentId: ContentId) =>
    encryptionStatusOf(factsOf(user, { ...circumstances, desiredContentId }, today).encryption);
  const now = statusWith(circumstances.desiredContentId);
  const later = revisions.filter(({ at }) => postureChangedAt !== null && at > postureChangedAt);
  for (const [index, revision] of later.entries()) {
    const before = revisions[index + 1];
    if (before !== undefined && statusWith(before.desiredContentId) !== now) return revision.at;
  }
  return postureChangedAt;
}
