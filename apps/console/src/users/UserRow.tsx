// One user in the list. The whole row leads to the user's page, the team's name to the team's.

import type { UserRow as Row } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Link } from "@tanstack/react-router";
import { memo, type ReactNode } from "react";

import { AccountMark } from "../standing/AccountMark.tsx";
import { StatusChip } from "../standing/StatusChip.tsx";
import styles from "./list.module.css";

interface UserRowProps {
  readonly organisationId: OrganisationId;
  readonly user: Row;
}

export const UserRow = memo(function UserRow({ organisationId, user }: UserRowProps): ReactNode {
  const { id, name, username, teamId, team, encryption, account } = user;
  return (
    <tr>
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
      <td>{account !== "deleted" && <StatusChip status={encryption} />}</td>
      <td>{account !== "enabled" && <AccountMark account={account} />}</td>
      <td>
        <Link
          className={styles.team}
          params={{ organisationId, teamId }}
          to="/organisations/$organisationId/teams/$teamId"
        >
          {team}
        </Link>
      </td>
      <td>{username}</td>
    </tr>
  );
});
