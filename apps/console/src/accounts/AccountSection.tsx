// The account of one user: how it stands, since when and why, and every switch, with the reason where one cannot use it.

import type { Account, Standing } from "@lockstep/api";
import { accountStatuses, type OrganisationId } from "@lockstep/core";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { AskedFor } from "../deletions/AskedFor.tsx";
import { Loaded } from "../Loaded.tsx";
import { useRights } from "../sessions/rights.ts";
import { Fact } from "../ui/Fact.tsx";
import { Moment } from "../ui/Moment.tsx";
import { Section } from "../ui/Section.tsx";
import { AccountSwitches } from "./AccountSwitches.tsx";
import { BlockFacts, FormerBlocks } from "./BlockFacts.tsx";
import { accountQuery } from "./queries.ts";
import { mailWords, statusWords, wordsOfMail } from "./words.ts";
import styles from "./accounts.module.css";

interface AccountSectionProps {
  readonly organisationId: OrganisationId;
  readonly user: Standing["user"];
}

export function AccountSection({ organisationId, user }: AccountSectionProps): ReactNode {
  const query = useQuery(accountQuery(organisationId, user.id));
  const isAdministered = useRights()("read-teams").allowed;
  return (
    <Section title="Account">
      <Loaded query={query} skeleton={<Skeleton height={140} />}>
        {(account) => (
          <>
            <p className={styles.lead}>
              <strong>{accountStatuses[account.status].label}.</strong> {statusWords[account.status]}
            </p>
            {account.deletion && <AskedFor deletion={account.deletion} />}
            {account.block && <BlockFacts block={account.block} isAdministered={isAdministered} />}
            <Facts account={account} />
            <Conditions account={account} />
            {isAdministered && account.status !== "deleted" && (
              <AccountSwitches account={account} organisationId={organisationId} user={user} />
            )}
            {account.formerBlocks.length > 0 && <FormerBlocks blocks={account.formerBlocks} />}
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Facts({ account }: { readonly account: Account }): ReactNode {
  const { activeAt, disabledAt, disabledOn, warnedAt, mail } = account;
  if ([activeAt, disabledAt, disabledOn, mail].every((each) => each === null)) return null;
  return (
    <dl className={styles.facts}>
      {activeAt !== null && (
        <Fact name="Active last">
          <Moment at={activeAt} />
        </Fact>
      )}
      {disabledAt !== null && (
        <Fact name="Disabled">
          <Moment at={disabledAt} isAbsolute />, for inactivity
        </Fact>
      )}
      {disabledOn !== null && disabledAt === null && (
        <Fact name="Will be disabled">
          <Moment at={disabledOn} isAbsolute /> without activity
          {warnedAt !== null && (
            <>
              , warned <Moment at={warnedAt} />
            </>
          )}
        </Fact>
      )}
      {mail !== null && (
        <Fact name="Last mail">
          {mailWords[mail.kind]}, <Moment at={mail.postedAt} />, {wordsOfMail(mail)}
        </Fact>
      )}
    </dl>
  );
}

/** What is on its way, or went wrong, and says so nowhere else. */
function Conditions({ account }: { readonly account: Account }): ReactNode {
  const { undelivered, signInLockedUntil } = account;
  if (undelivered.length === 0 && signInLockedUntil === null) return null;
  return (
    <dl className={styles.facts}>
      {signInLockedUntil !== null && (
        <Fact name="Wrong passwords">
          too many: until <Moment at={signInLockedUntil} isAbsolute /> only browsers may try in which the user
          has signed in before
        </Fact>
      )}
      {undelivered.map(({ postedAt, failure }) => (
        <Fact key={postedAt} name="Not warned">
          the warning of <Moment at={postedAt} isAbsolute /> could not be delivered: {failure}
        </Fact>
      ))}
    </dl>
  );
}
