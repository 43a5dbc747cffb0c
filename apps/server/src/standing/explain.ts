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

import { loadNamesOfAway } from "../audit/store.ts";
import type { Snapshot } from "../db/database.ts";
import { empty } from "../facts/identity.ts";
import { loadKeyNames } from "../keys/store.ts";
import { loadOrganisation } from "../organisations/store.ts";
import { Refusal } from "../refusal.ts";
import { comparesContents, evidenceFor, type Case } from "./evidence.ts";
import {
  findAuthor,
  loadCircumstances,
  loadContents,
  type ActiveWorkstation,
  type CausedRevision,
  type Circumstances,
} from "./evidence/store.ts";

/** @throws Refusal organisation_not_found, user_not_found. */
export async function explainStanding(
  snapshot: Snapshot,
  organisationId: OrganisationId,
  userId: UserId,
  today: Day,
): Promise<Explained> {
  const circumstances = await loadCircumstances(snapshot, organisationId, userId, today);
  if (circumstances === undefined) {
    await loadOrganisation(snapshot, organisationId);
    throw new Refusal("user_not_found");
  }
  const { workstations, revisions, desiredContentId } = circumstances;
  const known = userFactsOf(circumstances);
  const wanted = wantedOf(known, circumstances);
  const expected = workstations.map(expectedOf);
  const { encryption, account, conditions, reasons, next } = standingOf(factsOf(known, circumstances, today));
  const compared = reasons.some(({ code }) => comparesContents(code))
    ? await gatherContents(snapshot, organisationId, {
        held: [wanted, ...expected],
        revision: revisions.find((revision) => revision.desiredContentId === desiredContentId),
      })
    : { revision: undefined, contents: new Map(), names: new Map() };
  const grounds: Case = { circumstances, workstations, wanted, ...compared };
  return {
    coreVersion,
    asOf: circumstances.asOf,
    user: personOf(userId, circumstances),
    encryption,
    encryptionSince: sinceOf(known, circumstances, today) ?? circumstances.addedAt,
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

/** What core derives the standing of one user from. @throws Refusal user_not_found. */
export async function gatherFacts(
  snapshot: Snapshot,
  organisationId: OrganisationId,
  userId: UserId,
  today: Day,
): Promise<Facts> {
  const circumstances = await loadCircumstances(snapshot, organisationId, userId, today);
  if (circumstances === undefined) throw new Refusal("user_not_found");
  return factsOf(userFactsOf(circumstances), circumstances, today);
}

function personOf(id: UserId, { name, username, email, teamId, team }: Circumstances): Explained["user"] {
  return { id, name, username, email, teamId, team };
}

/** The facts as `postureOf` takes them. Updates that are not among the workstations' colour nobody. */
function userFactsOf(circumstances: Circumstances): UserFacts {
  const { teamId, licenceId, directory, account, blockedAt, disabledAt, ownContentId } = circumstances;
  const activations = circumstances.workstations.map(({ appliedTeam, appliedOwn, updates }) => ({
    appliedTeam,
    appliedOwn,
    updates: updates.map(({ kind, state, version, team, own }) => {
      const keyFile = version === null || team === null || own === null ? null : { version, team, own };
      return { kind, scope: "user" as const, state, keyFile };
    }),
  }));
  const marks = { account, blocked: blockedAt !== null, disabled: disabledAt !== null };
  return { teamId, licenceId, directory, ...marks, ownContent: ownContentId, activations };
}

interface Held {
  readonly team: ContentId;
  readonly own: ContentId;
}

/** What is needed only where contents differ: their documents, the names of keys, and whose change it was. */
async function gatherContents(
  snapshot: Snapshot,
  organisationId: OrganisationId,
  { held, revision }: { held: readonly Held[]; revision: CausedRevision | undefined },
): Promise<Pick<Case, "revision" | "contents" | "names">> {
  const [by, contents, names] = await Promise.all([
    revision === undefined ? null : authorOf(snapshot, organisationId, revision),
    loadContents(
      snapshot,
      organisationId,
      held.flatMap(({ team, own }) => [team, own]),
    ),
    loadKeyNames(snapshot, organisationId),
  ]);
  return { revision: revision && { ...revision, by }, contents, names };
}

/** Who made a revision; an administrator may live in an office. */
async function authorOf(
  snapshot: Snapshot,
  organisationId: OrganisationId,
  revision: CausedRevision,
): Promise<string | null> {
  const author = await findAuthor(snapshot, organisationId, revision);
  if (author === undefined) return null;
  const names = await loadNamesOfAway(snapshot, [author]);
  return (author.actorUserId === null ? undefined : names.get(author.actorUserId)) ?? author.name;
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
    directoryAccount: circumstances.disabledThereSince === null ? "enabled" : "disabled",
    activationCode,
    seats,
  };
}

/** What the user's workstations should hold; without a licence, nothing. */
function wantedOf(user: UserFacts, { desiredContentId }: Circumstances): Held {
  if (user.licenceId === null) return { team: empty.id, own: empty.id };
  return { team: desiredContentId, own: user.ownContent };
}

/** What a workstation holds, or will hold when the newest Key-File on its way has arrived. */
function expectedOf({ updates, appliedTeam, appliedOwn }: ActiveWorkstation): Held {
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
function sinceOf(user: UserFacts, circumstances: Circumstances, today: Day): string | null {
  const { postureChangedAt, revisions } = circumstances;
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
