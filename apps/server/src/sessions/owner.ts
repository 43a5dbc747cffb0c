// Whose a session, a password or a second factor is.

import type { OrganisationId, UserId } from "@lockstep/core";

/** Whose session: where the user lives, and who it is. */
export interface Owner {
  readonly organisationId: OrganisationId;
  readonly userId: UserId;
}
