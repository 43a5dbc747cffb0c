// Whose session it is, and what signing in needs.

import type { OrganisationId, UserId } from "@lockstep/core";

import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";

export interface Signing {
  readonly database: Database;
  readonly clock: Clock;
}

/** Whose session: where the user lives, and who it is. */
export interface Owner {
  readonly organisationId: OrganisationId;
  readonly userId: UserId;
}
