// The encryption groups that people of a team get: those the team gives itself, and those of the teams above.

import type { Group, Key, Team } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { groupsQuery, keysQuery } from "../api.ts";
import { Loaded } from "../Loaded.tsx";
import { useRights } from "../sessions/rights.ts";
import { KeyIcon } from "../ui/icons.tsx";
import { Section } from "../ui/Section.tsx";
import { TeamGroupsDialog } from "./TeamGroupsDialog.tsx";
import { TeamLink } from "./TeamLink.tsx";
import { pathOf } from "./tree.ts";
import styles from "./teams.module.css";

interface TeamGroupsProps {
  readonly organisationId: OrganisationId;
  readonly team: Team;
  readonly teams: readonly Team[];
}

export function TeamGroups({ organisationId, team, teams }: TeamGroupsProps): ReactNode {
  const groups = useQuery(groupsQuery(organisationId));
  const [isEditing, setEditing] = useState(false);
  const mayEdit = useRights()("edit-keys").allowed;
  const edit = mayEdit && groups.isSuccess && (
    <Button aria-label="Edit the encryption groups" onClick={() => setEditing(true)}>
      Edit
    </Button>
  );
  return (
    <Section aside={edit} title="Encryption groups">
      <Loaded query={groups} skeleton={<Skeleton height={60} />}>
        {({ groups: all }) => (
          <>
            <Given all={all} organisationId={organisationId} path={pathOf(teams, team.id)} />
            {isEditing && (
              <TeamGroupsDialog
                groups={all}
                onClose={() => setEditing(false)}
                organisationId={organisationId}
                team={team}
              />
            )}
          </>
        )}
      </Loaded>
    </Section>
  );
}

interface GivenProps {
  readonly organisationId: OrganisationId;
  /** From the root team down to the team itself. */
  readonly path: readonly Team[];
  readonly all: readonly Group[];
}

function Given({ organisationId, path, all }: GivenProps): ReactNode {
  const keys = useQuery(keysQuery(organisationId)).data?.keys ?? [];
  const given = path
    .toReversed()
    .flatMap((team, above) =>
      all
        .filter(({ id }) => team.groupIds.includes(id))
        .map((group) => ({ group, from: above === 0 ? null : team })),
    );
  if (given.length === 0) return <p className={styles.none}>No group is given here, or by a team above.</p>;
  return (
    <ul className={styles.groups}>
      {given.map(({ group, from }) => (
        <li key={`${group.id} ${from?.id ?? ""}`}>
          <p>
            <strong>{group.name}</strong>
          </p>
          <p className={styles.keyNames}>
            <KeyIcon />
            {namesOf(keys, group) || "without a key"}
          </p>
          <p className={styles.quiet}>
            {from === null ? "Given here" : "From "}
            {from && <TeamLink organisationId={organisationId} team={from} />}
          </p>
        </li>
      ))}
    </ul>
  );
}

function namesOf(keys: readonly Key[], { keyIds }: Group): string {
  return keys
    .filter(({ id }) => keyIds.includes(id))
    .map(({ name }) => name)
    .join(", ");
}
