// What the signed-in person may do, for what a screen offers. The server decides; this only spares people a refusal.

import type { Me, Organisation } from "@lockstep/api";
import {
  canInAnyRole,
  permissions,
  type Action,
  type Actor,
  type Role,
  type Target,
  type UserId,
} from "@lockstep/core";
import { useQuery } from "@tanstack/react-query";

import { sessionQuery } from "../api.ts";
import { useCurrentOrganisation } from "../organisations/current.ts";
import { anyOf, roleWords } from "./words.ts";

export interface Right {
  readonly allowed: boolean;
  /** Why not. */
  readonly why: string;
}

export type Rights = (action: Action, userId?: UserId) => Right;

function actorsOf({ user, roles }: Me): Actor[] {
  return roles.map(({ role, organisationId, authorityId }) => ({
    role,
    userId: user.id,
    organisationId,
    authorityId,
  }));
}

function rightTo(action: Action, target: Target, me: Me | undefined): Right {
  if (me === undefined) return { allowed: false, why: "Sign in first." };
  const { allowed, rule } = canInAnyRole(actorsOf(me), action, target);
  if (rule === "not-self") return { allowed, why: "Nobody does this to themselves." };
  if (rule === "not-last-administrator") return { allowed, why: "Nobody else could administer it any more." };
  const who = (Object.keys(permissions[action].grants) as Role[]).filter((role) => role !== "system");
  return {
    allowed,
    why: `Your role does not allow this. It needs: ${anyOf(who.map((role) => roleWords[role]))}.`,
  };
}

/** What one may do to an organisation and to what is in it. */
export function useRightsIn(): (organisation: Organisation | undefined) => Rights {
  const { data: me } = useQuery(sessionQuery());
  return (organisation) => {
    const { id = null, authorityId = null, office = "none" } = organisation ?? {};
    return (action, userId) =>
      rightTo(
        action,
        { userId: userId ?? null, organisationId: id, authorityId, office, isLastAdministrator: false },
        me,
      );
  };
}

/** As `useRightsIn`; of the organisation that the address speaks of if none is named. */
export function useRights(organisation?: Organisation): Rights {
  const current = useCurrentOrganisation();
  return useRightsIn()(organisation ?? current);
}

/** What one may do to the whole installation, or to an authority. */
export function useInstallationRights(): (action: Action, authorityId?: Actor["authorityId"]) => Right {
  const { data: me } = useQuery(sessionQuery());
  return (action, authorityId = null) =>
    rightTo(
      action,
      { userId: null, organisationId: null, authorityId, office: "none", isLastAdministrator: false },
      me,
    );
}
