// Whether a caller may: the endpoint says what it needs, its parameters say of what, core decides.

import { isReading, type Endpoint } from "@lockstep/api";
import { canInAnyRole, isId, sees, type Action, type Role, type Target } from "@lockstep/core";

import { Refusal } from "../refusal.ts";
import type { Caller } from "./route.ts";

/** Where an organisation stands, for the permission matrix. */
export type Place = Pick<Target, "authorityId" | "office">;

const installation: Target = {
  userId: null,
  organisationId: null,
  authorityId: null,
  office: "none",
  isLastAdministrator: false,
};

/** What the parameters name: a user, an organisation, an authority, or the installation. */
function targetOf(
  { organisationId, userId, authorityId }: Readonly<Record<string, unknown>>,
  { caller, place }: { caller: Caller; place: Place | null },
): Target {
  if (isId(authorityId)) return { ...installation, authorityId };
  if (!isId(organisationId)) return installation;
  if (place === null) throw new Refusal("organisation_not_found");
  const { owner } = caller;
  // In another organisation the caller's own id names nobody, and least of all the caller.
  const isSomebody = isId(userId) && (userId !== owner.userId || organisationId === owner.organisationId);
  return { ...installation, ...place, organisationId, userId: isSomebody ? userId : null };
}

/**
 * What is out of a caller's sight looks as if it did not exist.
 * @param place of the organisation that the parameters name; null if there is none, or none any more.
 * @returns the role in which it is allowed.
 * @throws Refusal sign_in_required, second_factor_required, token_only_reads, permission_denied, organisation_not_found,
 * authority_not_found.
 */
export function roleFor(
  endpoint: Pick<Endpoint, "needs" | "method" | "reads" | "worksWithoutSecondFactor">,
  params: Readonly<Record<string, unknown>>,
  { caller, place }: { caller: Caller | null; place: Place | null },
): Role | null {
  const { needs } = endpoint;
  if (needs === "nothing") return null;
  if (caller === null) throw new Refusal("sign_in_required");
  if (caller.needsSecondFactor && endpoint.worksWithoutSecondFactor !== true)
    throw new Refusal("second_factor_required");
  if (caller.token?.scope === "reading" && !isReading(endpoint)) throw new Refusal("token_only_reads");
  if (needs === "sign-in") return "user";
  return roleOn(needs, targetOf(params, { caller, place }), caller);
}

function roleOn(action: Action, target: Target, { actors }: Caller): Role | null {
  const { allowed, rule, role } = canInAnyRole(actors, action, target);
  if (allowed) return role;
  if (target.organisationId !== null && !sees(actors, target)) throw new Refusal("organisation_not_found");
  if (target.organisationId === null && target.authorityId !== null && rule === "out-of-scope") {
    throw new Refusal("authority_not_found");
  }
  throw new Refusal("permission_denied", { detail: rule });
}
