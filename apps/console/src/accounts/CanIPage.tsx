// Can I? Somebody, something, and to whom: whether it is allowed, which rule decides, and what would follow.

import type { Verdict } from "@lockstep/api";
import { actions, type OrganisationId, type UserId } from "@lockstep/core";
import { NativeSelect, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { standingQuery } from "../api.ts";
import { Loaded } from "../Loaded.tsx";
import { roleWords } from "../sessions/words.ts";
import { AccountMark } from "../standing/AccountMark.tsx";
import { StatusChip } from "../standing/StatusChip.tsx";
import { ArrowIcon, CheckIcon, CrossIcon } from "../ui/icons.tsx";
import { AccountsHead } from "./AccountsHead.tsx";
import type { Question } from "./address.ts";
import { PersonField } from "./PersonField.tsx";
import { verdictQuery } from "./queries.ts";
import { askedActions, wordsOfAction } from "./words.ts";
import styles from "./can-i.module.css";

const route = getRouteApi("/organisations/$organisationId/accounts/can-i");

export function CanIPage(): ReactNode {
  const { organisationId } = route.useParams();
  const { actor, action = "block-account", target } = route.useSearch();
  const navigate = route.useNavigate();
  const ask = (change: Question) =>
    void navigate({ search: (former) => ({ ...former, ...change }), replace: true, resetScroll: false });
  return (
    <>
      <AccountsHead organisationId={organisationId} page="Can I?" />
      <div className={styles.columns}>
        <section aria-label="Question" className={styles.question}>
          <PersonField
            label="Who"
            onChange={(userId) => ask({ actor: userId })}
            organisationId={organisationId}
            placeholder="You"
            value={actor}
          />
          <NativeSelect
            data={askedActions}
            label="Does what"
            onChange={({ currentTarget: { value } }) =>
              ask({ action: actions.find((each) => each === value) })
            }
            value={action}
          />
          <PersonField
            label="To whom"
            onChange={(userId) => ask({ target: userId })}
            organisationId={organisationId}
            placeholder="Search by name or username"
            value={target}
          />
          <p className={styles.quiet}>
            The server asks the same rules as when it is really done, about this moment. Nothing is changed.
          </p>
        </section>
        <Answer organisationId={organisationId} question={{ actor, action, target }} />
      </div>
    </>
  );
}

interface AnswerProps {
  readonly organisationId: OrganisationId;
  readonly question: Question;
}

function Answer({ organisationId, question: { actor, action, target } }: AnswerProps): ReactNode {
  const isAsked = action !== undefined && target !== undefined;
  const query = useQuery(verdictQuery(isAsked ? { organisationId, userId: target, action, actor } : null));
  return (
    <section aria-label="Answer" aria-live="polite" className={styles.answer}>
      {isAsked ? (
        <Loaded query={query} skeleton={<Skeleton height={160} />}>
          {(verdict) => (
            <>
              <p className={styles.sentence}>
                <Person fallback="You" organisationId={organisationId} userId={actor} />
                <ArrowIcon />
                <span>{wordsOfAction(action)}</span>
                <ArrowIcon />
                <Person fallback="" organisationId={organisationId} userId={target} />
              </p>
              <Decided verdict={verdict} />
            </>
          )}
        </Loaded>
      ) : (
        <p className={styles.none}>Choose to whom it would be done.</p>
      )}
    </section>
  );
}

interface PersonProps {
  readonly organisationId: OrganisationId;
  readonly userId: UserId | undefined;
  readonly fallback: string;
}

function Person({ organisationId, userId, fallback }: PersonProps): ReactNode {
  return userId === undefined ? fallback : <Named organisationId={organisationId} userId={userId} />;
}

function Named({ organisationId, userId }: { organisationId: OrganisationId; userId: UserId }): ReactNode {
  const { data } = useQuery(standingQuery(organisationId, userId));
  return data?.user.name ?? "…";
}

function Decided({ verdict }: { readonly verdict: Verdict }): ReactNode {
  const { allowed, rule, sentence, role, standing } = verdict;
  return (
    <>
      <p className={styles.verdict} data-allowed={allowed}>
        {allowed ? <CheckIcon /> : <CrossIcon />}
        {allowed ? "Yes" : "No"}
      </p>
      <dl className={styles.facts}>
        <div>
          <dt>Why</dt>
          <dd>{sentence}</dd>
        </div>
        <div>
          <dt>Rule that decides</dt>
          <dd>
            <code>{rule}</code>
          </dd>
        </div>
        {role !== null && (
          <div>
            <dt>In the role</dt>
            <dd>{roleWords[role]}</dd>
          </div>
        )}
        {standing !== null && <Then standing={standing} />}
      </dl>
    </>
  );
}

function Then({ standing }: { readonly standing: NonNullable<Verdict["standing"]> }): ReactNode {
  const { account, encryption, next } = standing;
  return (
    <>
      <div>
        <dt>Then the account is</dt>
        <dd>
          <AccountMark account={account} />
        </dd>
      </div>
      {account !== "deleted" && (
        <div>
          <dt>And the encryption</dt>
          <dd>
            <StatusChip status={encryption} />
          </dd>
        </div>
      )}
      {next.length > 0 && (
        <div>
          <dt>What would be next</dt>
          <dd>
            <ul>
              {next.map(({ code, sentence }) => (
                <li key={code}>{sentence}</li>
              ))}
            </ul>
          </dd>
        </div>
      )}
    </>
  );
}
