// In which of several roles somebody acts on an account, decided by core on what stands when it is done.

import {
  canInAnyRole,
  type Action,
  type Actor,
  type Office,
  type Role,
  type Target,
  type UserId,
} from "@lockstep/core";

import type { Change } from "../../db/change.ts";
import type { Writing } from "../../facts/change.ts";
import { loadOrganisation } from "../../organisations/store.ts";
import { Refusal } from "../../refusal.ts";
import { findHighestRole, isLastAdministrator, lockScopesOf } from "../../sessions/administrators/store.ts";
import { findBlock } from "../blocks/store.ts";
import { loadRules } from "../rules/store.ts";

/** Who does it, in every role held. */
export interface Acting {
  readonly writing: Writing;
  readonly actors: readonly Actor[];
}

/** The product itself, acting by time. */
export const system: Actor = { role: "system", userId: null, organisationId: "", authorityId: null };

type Asked = Pick<Change, "rows" | "row" | "organisationId">;

/** The account as the matrix sees it. Within a change that takes administrators away, ask `lockScopesOf` first. */
export async function targetOf(reader: Asked, userId: UserId): Promise<Target & { office: Office }> {
  const { organisationId } = reader;
  const { authorityId, office } = await loadOrganisation(reader, organisationId);
  const { unblocking } = await loadRules(reader, organisationId);
  const block = unblocking === "strict" ? await findBlock(reader, organisationId, userId) : undefined;
  const holds = await findHighestRole(reader, organisationId, userId);
  return {
    ...{ userId, organisationId, authorityId, office },
    isLastAdministrator: await isLastAdministrator(reader, organisationId, userId),
    ...(block === undefined ? {} : { blockedBy: block.role }),
    ...(holds === undefined ? {} : { holds }),
  };
}

/**
 * The user's row is locked already; after this nobody else takes an administrator from the same scopes.
 * @throws Refusal permission_denied with the rule that decided.
 */
export async function roleToAct(
  change: Change,
  { actors, action, userId }: { actors: readonly Actor[]; action: Action; userId: UserId },
): Promise<Role> {
  await lockScopesOf(change, change.organisationId, [userId]);
  const { allowed, rule, role } = canInAnyRole(actors, action, await targetOf(change, userId));
  if (!allowed || role === null) throw new Refusal("permission_denied", { detail: rule });
  return role;
}
