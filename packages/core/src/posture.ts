// A posture is the class of all users whose facts are alike: few for a team, however large the team is.
// The team's wish is no part of it, so changing the wish for 100,000 users changes one row and no posture.

import type { Day } from "./day.ts";
import type { AccountMarks, EncryptionFacts } from "./facts.ts";
import type { ContentId, LicenceId, TeamId } from "./ids.ts";

export const updateKinds = [
  "key-file",
  "deactivate",
  "force-password-change",
  "lock",
  "unlock",
  "workstation-policy",
] as const;
export type UpdateKind = (typeof updateKinds)[number];

export const updateStates = [
  "posted",
  "fetched",
  "processed",
  "failed",
  "rejected",
  "cancelled",
  "superseded",
] as const;
export type UpdateState = (typeof updateStates)[number];

/** Only updates of scope `user` colour a user; a workstation policy concerns the machine. */
export const updateScopes = ["user", "workstation"] as const;
export type UpdateScope = (typeof updateScopes)[number];

/** What was posted to one activation. */
export interface PostedUpdate {
  readonly kind: UpdateKind;
  readonly scope: UpdateScope;
  readonly state: UpdateState;
  /** A Key-File's contents and version; null for commands. */
  readonly keyFile: { readonly version: number; readonly team: ContentId; readonly own: ContentId } | null;
}

/** One user on one workstation, as the server knows it. Ended activations are not among them. */
export interface ActiveActivation {
  readonly appliedTeam: ContentId;
  readonly appliedOwn: ContentId;
  readonly updates: readonly PostedUpdate[];
}

/** The facts of one user that only the user's own events change. */
export interface UserFacts extends AccountMarks {
  readonly teamId: TeamId;
  readonly licenceId: LicenceId | null;
  readonly directory: EncryptionFacts["directory"];
  readonly ownContent: ContentId;
  readonly activations: readonly ActiveActivation[];
}

export interface Posture extends AccountMarks {
  readonly teamId: TeamId;
  readonly licenceId: LicenceId | null;
  readonly directory: EncryptionFacts["directory"];
  /** Active activations that no deactivation is on its way to. */
  readonly workstations: number;
  /** What they hold, or will hold, of the team's: nothing at all, one content, or several. */
  readonly teamHolds: "none" | "one" | "mixed";
  /** The one content; null unless `teamHolds` is `one`. */
  readonly teamContentId: ContentId | null;
  readonly ownMatches: boolean;
  readonly ownKeys: boolean;
  readonly outstanding: boolean;
}

const isOutstanding = ({ state, scope }: PostedUpdate) =>
  scope === "user" && (state === "posted" || state === "fetched");

/** What a workstation holds once everything posted has arrived: the newest unanswered Key-File, else the applied. */
function expectedOf({ appliedTeam, appliedOwn, updates }: ActiveActivation) {
  let newest: PostedUpdate["keyFile"] = null;
  for (const update of updates) {
    if (update.kind !== "key-file" || !isOutstanding(update) || update.keyFile === null) continue;
    if (newest === null || update.keyFile.version > newest.version) newest = update.keyFile;
  }
  return newest ?? { team: appliedTeam, own: appliedOwn };
}

/**
 * The class that a user belongs to. The SQL that refreshes postures is its one sanctioned copy; a property
 * test compares the two over random histories.
 */
export function postureOf(user: UserFacts, emptyContentId: ContentId): Posture {
  const { teamId, licenceId, directory, account, blocked, disabled } = user;
  const staying = user.activations.filter(
    ({ updates }) => !updates.some((update) => update.kind === "deactivate" && isOutstanding(update)),
  );
  const expected = staying.map(expectedOf);
  const [one, ...others] = new Set(expected.map(({ team }) => team));
  const desiredOwn = licenceId === null ? emptyContentId : user.ownContent;
  return {
    teamId,
    licenceId,
    directory,
    account,
    blocked,
    disabled,
    workstations: staying.length,
    teamHolds: one === undefined ? "none" : others.length === 0 ? "one" : "mixed",
    teamContentId: one !== undefined && others.length === 0 ? one : null,
    ownMatches: expected.every(({ own }) => own === desiredOwn),
    ownKeys: user.ownContent !== emptyContentId,
    outstanding: user.activations.some(({ updates }) => updates.some(isOutstanding)),
  };
}

/** What a posture is compared with: facts that a whole team or licence shares. */
export interface Expectation {
  readonly desiredTeamContentId: ContentId;
  readonly emptyContentId: ContentId;
  /** The last day of the licence, which it covers whole; null for one that never ends. */
  readonly licenceUntil: Day | null;
  readonly today: Day;
}

/** The tuple that the encryption status is derived from. */
export function encryptionFactsOf(posture: Posture, expectation: Expectation): EncryptionFacts {
  const { licenceId, directory, workstations, teamHolds, outstanding } = posture;
  const { licenceUntil, today } = expectation;
  const desired = licenceId === null ? expectation.emptyContentId : expectation.desiredTeamContentId;
  const held = licenceUntil !== null && licenceUntil < today ? "expired" : "held";
  const matches = teamHolds === "none" || posture.teamContentId === desired;
  return {
    licence: licenceId === null ? "none" : held,
    directory,
    activated: workstations > 0 || outstanding,
    teamContent: matches ? "matches" : "differs",
    ownContent: posture.ownMatches ? "matches" : "differs",
    ownKeys: posture.ownKeys,
    outstanding,
  };
}
