// What is known of a user beside the status: account, team, and the conditions that hold or do not.

import type { Standing } from "@lockstep/api";
import { accountStatuses, type OrganisationId } from "@lockstep/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { Fact } from "../ui/Fact.tsx";
import { CheckIcon, CrossIcon } from "../ui/icons.tsx";
import { Section } from "../ui/Section.tsx";
import { conditionWords } from "./words.ts";
import styles from "./user.module.css";

interface UserFactsProps {
  readonly organisationId: OrganisationId;
  readonly standing: Standing;
}

export function UserFacts({ organisationId, standing }: UserFactsProps): ReactNode {
  const { user, account, conditions } = standing;
  return (
    <div className={styles.column}>
      <Section title="User">
        <dl className={styles.facts}>
          <Fact name="Username">{user.username}</Fact>
          <Fact name="E-mail">{user.email ?? "none"}</Fact>
          <Fact name="Team">
            <Link
              className={styles.link}
              params={{ organisationId, teamId: user.teamId }}
              to="/organisations/$organisationId/teams/$teamId"
            >
              {user.team}
            </Link>
          </Fact>
          <Fact name="Account">{accountStatuses[account].label}</Fact>
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
