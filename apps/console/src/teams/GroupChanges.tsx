// Encryption groups that a team gives in one revision and not in another.

import type { GroupId, OrganisationId } from "@lockstep/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { groupsQuery } from "../api.ts";
import styles from "./teams.module.css";

interface GroupChangesProps {
  readonly organisationId: OrganisationId;
  readonly before: readonly GroupId[];
  readonly after: readonly GroupId[];
}

export function GroupChanges({ organisationId, before, after }: GroupChangesProps): ReactNode {
  const { data } = useQuery(groupsQuery(organisationId));
  const nameOf = (id: GroupId) => data?.groups.find((group) => group.id === id)?.name ?? "…";
  const changes = [
    ...after.filter((id) => !before.includes(id)).map((id) => ({ id, words: "is given" })),
    ...before.filter((id) => !after.includes(id)).map((id) => ({ id, words: "is no longer given" })),
  ];
  if (changes.length === 0) return null;
  return (
    <ul className={styles.groupChanges}>
      {changes.map(({ id, words }) => (
        <li key={id}>
          Group <strong>{nameOf(id)}</strong> {words}
        </li>
      ))}
    </ul>
  );
}

export const areSame = (before: readonly string[], after: readonly string[]): boolean =>
  before.length === after.length && before.every((id) => after.includes(id));
