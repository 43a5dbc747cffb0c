// Grants and withdraws roles. Who does it is asked for again within the transaction: whoever loses a role meanwhile
// gives none any more.

import {
  canAppoint,
  can,
  holdsIn,
  type Actor,
  type GrantedRole,
  type OrganisationId,
  type Target,
  type UserId,
} from "@lockstep/core";

import { lockUser } from "../accounts/commands/marks.ts";
import { whomToAsk } from "../accounts/told.ts";
import { loadActors } from "../accounts/verdict.ts";
import type { Change } from "../db/change.ts";
import { changeFacts, type Writing } from "../facts/change.ts";
import { postMails } from "../mails/post.ts";
import { loadOrganisation } from "../organisations/store.ts";
import { Refusal } from "../refusal.ts";
import { isLastAdministrator, lockScopesOf } from "../sessions/administrators/store.ts";
import type { Owner } from "../sessions/owner.ts";
import type { User } from "../users/store.ts";
import {
  deleteRoleGrant,
  findHomeAtOrAbove,
  findHomeOfHolder,
  insertRoleGrant,
  type Home,
  type RoleGrant,
} from "./store.ts";

/** Who does it. */
export interface Appointing {
  readonly writing: Writing;
  readonly caller: { readonly owner: Owner; readonly actors: readonly Actor[] };
}

export interface Appointment {
  readonly role: GrantedRole;
  readonly userId: UserId;
}

/** Whom the asker cannot see is not there. @throws Refusal user_not_found. */
async function findHome(
  { writing, caller }: Appointing,
  placeId: OrganisationId,
  userId: UserId,
): Promise<OrganisationId> {
  const home = await writing.database.read((reader) => findHomeAtOrAbove(reader, placeId, userId));
  if (home === undefined || !isSeenBy(caller.actors, home, userId)) throw new Refusal("user_not_found");
  return home.organisationId;
}

function isSeenBy(actors: readonly Actor[], home: Home, userId: UserId): boolean {
  const target = { ...home, userId, isLastAdministrator: false };
  return actors.some((actor) => can(actor, "read-people", target).allowed);
}

/** @throws Refusal permission_denied with the rule that decided. */
async function allow(
  change: Change,
  { caller }: Appointing,
  action: "grant-role" | "withdraw-role",
  target: Target,
): Promise<void> {
  const actors = await loadActors(change, caller.owner);
  if (actors === null) throw new Refusal("permission_denied", { detail: "cannot-sign-in" });
  const { allowed, rule } = canAppoint(actors, action, target);
  if (!allowed) throw new Refusal("permission_denied", { detail: rule });
}

/** Who waits to activate the account may have a role for that day. @throws Refusal account_none, account_deleted, account_shut_out. */
function refuseUnfit({ account, blocked, disabled }: User): void {
  if (account === "none") throw new Refusal("account_none");
  if (account === "deleted") throw new Refusal("account_deleted");
  if (blocked || disabled) throw new Refusal("account_shut_out");
}

async function tell(change: Change, kind: "role-granted" | "role-withdrawn", told: RoleGrant): Promise<void> {
  const { userId, role, scopeId } = told;
  const { name: place } = await loadOrganisation(change, scopeId);
  change.record({ kind, userId, detail: { role, place } });
  const whom = await whomToAsk(change, change.organisationId, userId);
  await postMails(change, [{ userId, kind, details: { role, place, whom: whom.join(", ") } }]);
}

/**
 * Nothing happens if the user holds it already.
 * @throws Refusal organisation_not_found, user_not_found, role_misplaced, permission_denied, account_none,
 * account_deleted, account_shut_out.
 */
export async function grantRole(
  appointing: Appointing,
  placeId: OrganisationId,
  { role, userId }: Appointment,
): Promise<void> {
  const { writing } = appointing;
  const homeId = await findHome(appointing, placeId, userId);
  await changeFacts(writing, homeId, async (change) => {
    const { authorityId, office } = await loadOrganisation(change, placeId);
    if (holdsIn[role] !== office) throw new Refusal("role_misplaced");
    // Locked, so that nobody blocks the account meanwhile without knowing of the role.
    refuseUnfit(await lockUser(change, userId));
    const target = { userId, organisationId: placeId, authorityId, office, isLastAdministrator: false };
    await allow(change, appointing, "grant-role", target);
    const grant = { userId, role, scopeId: placeId };
    if (await insertRoleGrant(change, homeId, grant, change.at)) await tell(change, "role-granted", grant);
  });
}

/** Whether without the user nobody who can sign in would hold the role. Who cannot sign in is missed by nobody. */
async function isLastIn(change: Change, user: User, grant: RoleGrant): Promise<boolean> {
  await lockScopesOf(change, change.organisationId, [user.id]);
  const { account, blocked, disabled } = user;
  if (account !== "active" || blocked || disabled) return false;
  return isLastAdministrator(change, change.organisationId, user.id, grant);
}

/** @throws Refusal organisation_not_found, role_not_held, permission_denied. */
export async function withdrawRole(
  appointing: Appointing,
  placeId: OrganisationId,
  { role, userId }: Appointment,
): Promise<void> {
  const { writing } = appointing;
  const grant = { userId, role, scopeId: placeId };
  const homeId = await writing.database.read((reader) => findHomeOfHolder(reader, grant));
  if (homeId === undefined) throw new Refusal("role_not_held");
  await changeFacts(writing, homeId, async (change) => {
    const { authorityId, office } = await loadOrganisation(change, placeId);
    const user = await lockUser(change, userId);
    const isLast = await isLastIn(change, user, grant);
    const target = { userId, organisationId: placeId, authorityId, office, isLastAdministrator: isLast };
    await allow(change, appointing, "withdraw-role", target);
    if (!(await deleteRoleGrant(change, homeId, grant))) throw new Refusal("role_not_held");
    await tell(change, "role-withdrawn", grant);
  });
}
