// What is known of a user beside the status: account, team, and the conditions that hold or do not.

import type { Standing, User } from "@lockstep/api";
import { accountStatuses, type OrganisationId } from "@lockstep/core";
import type { ReactNode } from "react";

import { TeamLink } from "../teams/TeamLink.tsx";
import { Fact } from "../ui/Fact.tsx";
import { CheckIcon, CrossIcon } from "../ui/icons.tsx";
import { Section } from "../ui/Section.tsx";
import { Seat } from "./Seat.tsx";
import { UserActions } from "./UserActions.tsx";
import { conditionWords } from "./words.ts";
import styles from "./user.module.css";

interface UserFactsProps {
  readonly organisationId: OrganisationId;
  readonly standing: Standing;
  /** As entered; undefined while it loads. */
  readonly user: User | undefined;
}

export function UserFacts({ organisationId, standing, user: entered }: UserFactsProps): ReactNode {
  const { user, account, conditions } = standing;
  return (
    <div className={styles.column}>
      <Section
        aside={<UserActions organisationId={organisationId} standing={standing} user={entered} />}
        title="User"
      >
        <dl className={styles.facts}>
          <Fact name="Username">{user.username}</Fact>
          <Fact name="E-mail">{user.email ?? "none"}</Fact>
          <Fact name="Team">
            <TeamLink organisationId={organisationId} team={{ id: user.teamId, name: user.team }} />
          </Fact>
          <Fact name="Account">{accountStatuses[account].label}</Fact>
          {entered && (
            <Fact name="Licence">
              <Seat organisationId={organisationId} user={entered} />
            </Fact>
          )}
        </dl>
      </Section>
      <Section title="Conditions">
        <ul className={styles.conditions}>
          {conditions.map(({ type, holds }) => (
            <li data-holds={holds} key={type}>
              {holds ? <CheckIcon /> : <CrossIcon />}
              {conditionWords[type][holds ? "holds" : "fails"]}
            </li>
          ))}
        </ul>
      </Section>
    </div>
  );
}
