// Changes what an organisation decides about the accounts of its people.

import type { AccountRules } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";

import { changeFacts, type Writing } from "../../facts/change.ts";
import { Refusal } from "../../refusal.ts";
import { deleteHold } from "../inactivity/store.ts";
import { loadRules, putRules } from "../rules/store.ts";

interface Changes {
  readonly unblocking?: AccountRules["unblocking"] | undefined;
  readonly inactiveDays?: number | undefined;
  readonly mailLanguage?: AccountRules["mailLanguage"] | undefined;
  readonly digest?: AccountRules["digest"] | undefined;
  readonly secondFactor?: AccountRules["secondFactor"] | undefined;
  readonly singleSignOnFor?: AccountRules["singleSignOnFor"] | undefined;
}

/** What is left out stays. @throws Refusal revision_changed. */
export async function setAccountRules(
  writing: Writing,
  organisationId: OrganisationId,
  { revision, ...changes }: Changes & { revision: number },
): Promise<AccountRules> {
  return changeFacts(writing, organisationId, async (change) => {
    const former = await loadRules(change, organisationId);
    const rules = {
      unblocking: changes.unblocking ?? former.unblocking,
      inactiveDays: changes.inactiveDays ?? former.inactiveDays,
      mailLanguage: changes.mailLanguage ?? former.mailLanguage,
      digest: changes.digest ?? former.digest,
      secondFactor: changes.secondFactor ?? former.secondFactor,
      singleSignOnFor: changes.singleSignOnFor ?? former.singleSignOnFor,
    };
    if (former.revision !== revision || !(await putRules(change, { ...rules, revision }))) {
      throw new Refusal("revision_changed");
    }
    // Whatever was held is found anew, by the new rules.
    if (rules.inactiveDays !== former.inactiveDays) await deleteHold(change, organisationId);
    change.record({ kind: "account-rules-changed", detail: rules });
    return loadRules(change, organisationId);
  });
}
