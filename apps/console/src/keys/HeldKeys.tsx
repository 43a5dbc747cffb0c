// The keys that a team or a user should hold, each with its versions and the ways in which it comes.

import type { Holdings } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import type { ReactNode } from "react";

import { TeamLink } from "../teams/TeamLink.tsx";
import { Section } from "../ui/Section.tsx";
import { VersionMark } from "./VersionMark.tsx";
import styles from "./keys.module.css";

interface HeldKeysProps {
  readonly organisationId: OrganisationId;
  readonly keys: Holdings["keys"];
}

export function HeldKeys({ organisationId, keys }: HeldKeysProps): ReactNode {
  return (
    <Section aside={keys.length > 0 && <span>{keys.length}</span>} title="Keys held">
      {keys.length === 0 && <p className={styles.calm}>No group gives a key here.</p>}
      <HeldKeyList keys={keys} organisationId={organisationId} />
    </Section>
  );
}

export function HeldKeyList({ organisationId, keys }: HeldKeysProps): ReactNode {
  return (
    <ul className={styles.held}>
      {keys.map(({ id, name, versions, origins }) => (
        <li key={id}>
          <p className={styles.heldKey}>
            <strong>{name}</strong>
            {versions.map(({ version, use }) => (
              <VersionMark key={version} use={use} version={version} />
            ))}
          </p>
          <ul className={styles.origins}>
            {origins.map(({ group, team }) => (
              <li key={`${group.id} ${team?.id ?? ""}`}>
                by the group {group.name}
                {team === null ? ", the user’s own" : " from "}
                {team && <TeamLink organisationId={organisationId} team={team} />}
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}
