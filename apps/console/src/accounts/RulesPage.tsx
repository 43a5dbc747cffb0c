// What an organisation decides about the accounts of its people: after how many idle days they are disabled, who may lift a
// block, how they sign in, which mails they get, and who is exempt. What that would do is shown before it is saved.

import { accounts, type AccountRules } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { call } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { useEdited } from "../changes/edited.ts";
import { Overtaken } from "../changes/Overtaken.tsx";
import { Refused } from "../changes/Refused.tsx";
import { Loaded } from "../Loaded.tsx";
import { useRights } from "../sessions/rights.ts";
import { ActionButton } from "../ui/ActionButton.tsx";
import { Form } from "../ui/Form.tsx";
import { Note } from "../ui/Note.tsx";
import { Section } from "../ui/Section.tsx";
import { AccountsHead } from "./AccountsHead.tsx";
import { Exemptions } from "./Exemptions.tsx";
import { HeldRun } from "./HeldRun.tsx";
import { InactivityPreview, useInactivityPreview } from "./InactivityPreview.tsx";
import { accountRulesQuery } from "./queries.ts";
import { ManagersConcern, SecondFactorConcern } from "./RuleConcerns.tsx";
import { RuleFields, type RuleDraft } from "./RuleFields.tsx";
import styles from "./rules.module.css";

const route = getRouteApi("/organisations/$organisationId/accounts/rules");

export function RulesPage(): ReactNode {
  const { organisationId } = route.useParams();
  const query = useQuery(accountRulesQuery(organisationId));
  return (
    <>
      <AccountsHead organisationId={organisationId} page="Rules" />
      <HeldRun organisationId={organisationId} />
      <div className={styles.columns}>
        <Section title="Rules">
          <Loaded query={query} skeleton={<Skeleton height={300} />}>
            {(rules) => <Rules organisationId={organisationId} rules={rules} />}
          </Loaded>
        </Section>
        <Exemptions organisationId={organisationId} />
      </div>
    </>
  );
}

interface RulesProps {
  readonly organisationId: OrganisationId;
  readonly rules: AccountRules;
}

function Rules({ organisationId, rules }: RulesProps): ReactNode {
  const [draft, setDraft] = useState<RuleDraft>({});
  const edited = useEdited(rules.revision);
  const right = useRights()("edit-account-rules");
  const changes = changesOf(draft, rules);
  const preview = useInactivityPreview(organisationId, changes?.inactiveDays ?? null);
  const save = useChange(organisationId, (body: RuleDraft) =>
    call(accounts.setAccountRules, { params: { organisationId }, body, match: edited.match }),
  );
  const why = right.allowed ? whyNotYet(changes, preview.isKnown) : right.why;
  const submit = () => {
    if (why !== null || changes === null || edited.isOvertaken) return;
    save.mutate(changes, {
      onSuccess: ({ revision }) => {
        setDraft({});
        edited.goOn(revision);
      },
    });
  };
  return (
    <div className={styles.form}>
      <Form label="Rules for accounts" onSubmit={submit}>
        <RuleFields
          concerns={{
            secondFactor: changes?.secondFactor === "required" && (
              <SecondFactorConcern organisationId={organisationId} />
            ),
            singleSignOnFor: changes?.singleSignOnFor === "managers" && (
              <ManagersConcern organisationId={organisationId} />
            ),
          }}
          onChange={(change) => {
            // What was saved is the past once one chooses on.
            if (save.isSuccess) save.reset();
            setDraft((former) => ({ ...former, ...change }));
          }}
          preview={<InactivityPreview organisationId={organisationId} preview={preview} />}
          rules={{ ...rules, ...draft }}
        />
        {changes !== null && <Overtaken change={save} edited={edited} />}
        <Refused error={save.error} />
        {save.isSuccess && changes !== null && Object.keys(changes).length === 0 && (
          <Note isLine title="Saved." tone="good" />
        )}
        <div className={styles.buttons}>
          <ActionButton loading={save.isPending} onClick={submit} size="sm" variant="filled" why={why}>
            Save
          </ActionButton>
        </div>
      </Form>
    </div>
  );
}

/** @returns null where something entered cannot be saved. */
function changesOf(draft: RuleDraft, rules: AccountRules): RuleDraft | null {
  const { inactiveDays } = draft;
  if (inactiveDays !== undefined && !accounts.inactiveDays.safeParse(inactiveDays).success) return null;
  const entries = Object.entries(draft).filter(([name, value]) => rules[name as keyof RuleDraft] !== value);
  return Object.fromEntries(entries);
}

function whyNotYet(changes: RuleDraft | null, isPreviewed: boolean): string | null {
  if (changes === null) return "The days are from 30 to 730.";
  if (Object.keys(changes).length === 0) return "Nothing is changed.";
  if (changes.inactiveDays !== undefined && !isPreviewed) return "What it would do is being found out.";
  return null;
}
