// Takes a second factor away from somebody who has lost it: by somebody who stands above, and with every session. A mail
// says so: who did not ask for it has to hear of it.

import type { OrganisationId, UserId } from "@lockstep/core";

import { roleToAct, type Acting } from "../../accounts/commands/acting.ts";
import { lockUser } from "../../accounts/commands/marks.ts";
import { tellOfFactorReset } from "../../accounts/told.ts";
import { changeFacts } from "../../facts/change.ts";
import { Refusal } from "../../refusal.ts";
import { deleteOtherSessions } from "../../sessions/store.ts";
import { deleteFactors } from "../store.ts";

/** @throws Refusal user_not_found, permission_denied, second_factor_missing. */
export async function resetSecondFactor(
  { writing, actors }: Acting,
  organisationId: OrganisationId,
  userId: UserId,
): Promise<void> {
  await changeFacts(writing, organisationId, async (change) => {
    await lockUser(change, userId);
    const role = await roleToAct(change, { actors, action: "reset-second-factor", userId });
    if (!(await deleteFactors(change, userId))) throw new Refusal("second_factor_missing");
    await deleteOtherSessions(change, organisationId, userId, null);
    await tellOfFactorReset(change, userId);
    change.record({ kind: "second-factor-reset", userId, detail: { role } });
  });
}
