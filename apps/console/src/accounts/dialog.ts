// What every dialog about one account is given.

import type { Account, Standing } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";

export interface AccountDialogProps {
  readonly organisationId: OrganisationId;
  readonly user: Pick<Standing["user"], "id" | "name" | "email">;
  readonly account?: Account;
  readonly onClose: () => void;
}
