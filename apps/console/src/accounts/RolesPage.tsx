// Who holds which role here, and who is the last in it; granting one and withdrawing it.

import type { RoleHolder } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { Loaded } from "../Loaded.tsx";
import { useCurrentOrganisation } from "../organisations/current.ts";
import { useRights } from "../sessions/rights.ts";
import { capitalised, roleWords } from "../sessions/words.ts";
import { ActionButton } from "../ui/ActionButton.tsx";
import { Moment } from "../ui/Moment.tsx";
import { Note } from "../ui/Note.tsx";
import { Cell, HeadCell, Table } from "../ui/Table.tsx";
import ui from "../ui/ui.module.css";
import { AccountsHead } from "./AccountsHead.tsx";
import { roleHoldersQuery } from "./queries.ts";
import { GrantRoleDialog, WithdrawRoleDialog } from "./RoleDialogs.tsx";
import { whyNot } from "./words.ts";
import styles from "./accounts.module.css";

const route = getRouteApi("/organisations/$organisationId/accounts/roles");

export function RolesPage(): ReactNode {
  const { organisationId } = route.useParams();
  const query = useQuery(roleHoldersQuery(organisationId));
  const place = useCurrentOrganisation();
  const right = useRights()("grant-role");
  const [isGranting, setGranting] = useState(false);
  const [leaving, setLeaving] = useState<RoleHolder | null>(null);
  return (
    <>
      <AccountsHead organisationId={organisationId} page="Roles">
        <ActionButton onClick={() => setGranting(true)} why={right.allowed ? null : right.why}>
          Grant a role
        </ActionButton>
      </AccountsHead>
      <section aria-label="Who holds a role" className={styles.card}>
        <Loaded query={query} skeleton={<Skeleton height={200} />}>
          {({ holders }) => (
            <Holders holders={holders} onWithdraw={setLeaving} organisationId={organisationId} />
          )}
        </Loaded>
      </section>
      <p className={styles.quiet}>
        The last one who can sign in and holds a role that administers keeps it, and is neither blocked nor
        disabled: somebody must always be left who could undo it. Helpdesk only reads, so its last one may go.
        A role is held by people who live here or above: in the office of the authority or of the
        installation.
      </p>
      {isGranting && place && <GrantRoleDialog onClose={() => setGranting(false)} place={place} />}
      {leaving && place && (
        <WithdrawRoleDialog holder={leaving} onClose={() => setLeaving(null)} place={place} />
      )}
    </>
  );
}

interface HoldersProps {
  readonly organisationId: OrganisationId;
  readonly holders: readonly RoleHolder[];
  readonly onWithdraw: (holder: RoleHolder) => void;
}

function Holders({ organisationId, holders, onWithdraw }: HoldersProps): ReactNode {
  if (holders.length === 0) {
    return (
      <Note title="Nobody holds a role here.">
        Only those above look after it: the authority’s administrators, and the installation’s.
      </Note>
    );
  }
  return (
    <Table
      caption="Who holds which role"
      columns={["Person", "Role", "Notes", "Since", "(Withdraw)"]}
      isFirst
    >
      {holders.map((holder) => (
        <Row
          holder={holder}
          key={`${holder.role} ${holder.user.id}`}
          onWithdraw={() => onWithdraw(holder)}
          organisationId={organisationId}
        />
      ))}
    </Table>
  );
}

interface RowProps {
  readonly organisationId: OrganisationId;
  readonly holder: RoleHolder;
  readonly onWithdraw: () => void;
}

function Row({ organisationId, holder, onWithdraw }: RowProps): ReactNode {
  const { role, user, grantedAt, withdrawing } = holder;
  return (
    <tr>
      <HeadCell about={user.username}>
        {holder.livesHere ? (
          <Link
            className={ui.link}
            params={{ organisationId, userId: user.id }}
            to="/organisations/$organisationId/users/$userId"
          >
            {user.name}
          </Link>
        ) : (
          user.name
        )}
      </HeadCell>
      <Cell narrow="line">{capitalised(roleWords[role])}</Cell>
      <Cell isQuiet narrow="line">
        {notesOf(holder)}
      </Cell>
      <Cell isQuiet label="Since" narrow="line">
        <Moment at={grantedAt} />
      </Cell>
      <Cell isTight narrow="corner">
        <ActionButton
          label={`Withdraw ${roleWords[role]}: ${user.name}`}
          onClick={onWithdraw}
          why={whyNot(withdrawing, "withdraw-role")}
        >
          Withdraw
        </ActionButton>
      </Cell>
    </tr>
  );
}

function notesOf({ livesHere, canSignIn, isLast }: RoleHolder): string {
  return [
    ...(isLast && canSignIn ? ["The last one who can sign in."] : []),
    ...(canSignIn ? [] : ["Cannot sign in at this moment."]),
    ...(livesHere ? [] : ["Lives in the office above."]),
  ].join(" ");
}
