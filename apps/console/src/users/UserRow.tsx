// One user in the list. The whole row leads to the user's page, the team's name to the team's.

import type { UserRow as Row } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Checkbox } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { AccountMark } from "../standing/AccountMark.tsx";
import { StatusChip } from "../standing/StatusChip.tsx";
import styles from "./list.module.css";

interface UserRowProps {
  readonly organisationId: OrganisationId;
  readonly user: Row;
  /** Undefined where nobody can be chosen. */
  readonly isChosen: boolean | undefined;
  readonly onChoose: (isChosen: boolean) => void;
}

export function UserRow({ organisationId, user, isChosen, onChoose }: UserRowProps): ReactNode {
  const { id, name, username, teamId, team, encryption, account } = user;
  return (
    <tr data-chosen={isChosen}>
      {isChosen !== undefined && (
        <td className={styles.tick}>
          <Checkbox
            aria-label={`Choose ${name}`}
            checked={isChosen}
            onChange={({ currentTarget: { checked } }) => onChoose(checked)}
          />
        </td>
      )}
      <th scope="row">
        <Link
          className={styles.name}
          params={{ organisationId, userId: id }}
          to="/organisations/$organisationId/users/$userId"
        >
          {name}
        </Link>
      </th>
      {/* Whose account is deleted is in no encryption status. */}
      <td className={styles.status}>{account !== "deleted" && <StatusChip status={encryption} />}</td>
      <td className={styles.account}>{account !== "enabled" && <AccountMark account={account} />}</td>
      <td className={styles.where}>
        <Link
          className={styles.team}
          params={{ organisationId, teamId }}
          to="/organisations/$organisationId/teams/$teamId"
        >
          {team}
        </Link>
      </td>
      <td className={styles.username}>{username}</td>
    </tr>
  );
}
