// What a store is given to write facts with. Only `changeFacts` makes one, and it does not commit before the
// postures of everybody touched are refreshed and every event is recorded.

import type { GroupId, LicenceId, OrganisationId, TeamId, UserId } from "@lockstep/core";

import type { EventKind } from "../audit/kinds.ts";
import type { Transaction } from "./database.ts";

/** Who did it. No user: the product itself, or whoever works at the server's own machine. */
export interface Doer {
  readonly role: string;
  readonly userId: UserId | null;
  /** Where the user lives; left out together with the user. */
  readonly organisationId?: OrganisationId;
}

/** What happened; goes to the audit and to the timelines of everybody it names. */
export interface Happening {
  readonly kind: EventKind;
  readonly userId?: UserId;
  readonly teamId?: TeamId;
  readonly licenceId?: LicenceId;
  readonly detail?: Readonly<Record<string, unknown>>;
}

export interface Change extends Transaction {
  /** Everything a change writes belongs to this organisation. */
  readonly organisationId: OrganisationId;
  readonly at: Date;
  readonly doer: Doer;
  /** Facts of these users were written: their postures are refreshed before the commit. */
  touchUsers(users: readonly UserId[]): void;
  record(happening: Happening): void;
}

/** A change of what teams or users should hold. Such changes of one organisation take turns from the start. */
export interface ContentChange extends Change {
  /** The own keys of these users changed: what they should hold is computed anew, then as `touchUsers`. */
  touchOwnKeys(users: readonly UserId[]): void;
  /** Policy, groups or place of these teams changed: what they and all teams below should hold is computed anew. */
  touchTeams(teams: readonly TeamId[]): void;
  /** These groups have other keys now, or a key of theirs has other versions: as above for all who have them. */
  touchGroups(groups: readonly GroupId[]): void;
}
