// What there is of a user whose account was deleted: the username, where it was, and the record of changes. Nothing can be
// done to it any more.

import type { Standing } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import type { ReactNode } from "react";

import { TeamLink } from "../teams/TeamLink.tsx";
import { Fact } from "../ui/Fact.tsx";
import { Section } from "../ui/Section.tsx";
import { Reasons } from "./Reasons.tsx";
import { Timeline } from "./Timeline.tsx";
import styles from "./user.module.css";

interface WhatRemainsProps {
  readonly organisationId: OrganisationId;
  readonly standing: Standing;
}

export function WhatRemains({ organisationId, standing: { user, reasons } }: WhatRemainsProps): ReactNode {
  return (
    <div className={styles.columns}>
      <div className={styles.column}>
        {/* What of seats and keys would be said of anybody else means nothing here. */}
        <Reasons reasons={reasons.filter(({ code }) => code === "account-deleted")} />
        <Timeline organisationId={organisationId} userId={user.id} />
      </div>
      <Section title="What remains">
        <dl className={styles.facts}>
          <Fact name="Username">{user.username}</Fact>
          <Fact name="Was in">
            <TeamLink organisationId={organisationId} team={{ id: user.teamId, name: user.team }} />
          </Fact>
        </dl>
        <p className={styles.calm}>
          Name, address, keys, workstations and what administrators wrote are erased. The username is never
          given again. The timeline stays, without a word of the person’s own.
        </p>
      </Section>
    </div>
  );
}
