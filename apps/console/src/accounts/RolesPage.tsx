// Who holds which role here, and who is the last in it.

import type { RoleHolder } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { Loaded } from "../Loaded.tsx";
import { capitalised, roleWords } from "../sessions/words.ts";
import { Moment } from "../ui/Moment.tsx";
import { Note } from "../ui/Note.tsx";
import { Cell, HeadCell, Table } from "../ui/Table.tsx";
import ui from "../ui/ui.module.css";
import { AccountsHead } from "./AccountsHead.tsx";
import { roleHoldersQuery } from "./queries.ts";
import styles from "./accounts.module.css";

const route = getRouteApi("/organisations/$organisationId/accounts/roles");

export function RolesPage(): ReactNode {
  const { organisationId } = route.useParams();
  const query = useQuery(roleHoldersQuery(organisationId));
  return (
    <>
      <AccountsHead organisationId={organisationId} page="Roles" />
      <section aria-label="Who holds a role" className={styles.card}>
        <Loaded query={query} skeleton={<Skeleton height={200} />}>
          {({ holders }) =>
            holders.length === 0 ? (
              <Note title="Nobody holds a role here.">
                Only those above look after it: the authority’s administrators, and the installation’s.
              </Note>
            ) : (
              <Table caption="Who holds which role" columns={["Person", "Role", "Notes", "Since"]} isFirst>
                {holders.map((holder) => (
                  <Row
                    holder={holder}
                    key={`${holder.role} ${holder.user.id}`}
                    organisationId={organisationId}
                  />
                ))}
              </Table>
            )
          }
        </Loaded>
      </section>
      <p className={styles.quiet}>
        The last one who can sign in and holds a role that administers is neither blocked nor disabled:
        somebody must always be left who could undo it. Helpdesk only reads, so its last one may be.
      </p>
    </>
  );
}

interface RowProps {
  readonly organisationId: OrganisationId;
  readonly holder: RoleHolder;
}

function Row({ organisationId, holder }: RowProps): ReactNode {
  const { role, user, grantedAt } = holder;
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
      <Cell isQuiet narrow="corner">
        <Moment at={grantedAt} />
      </Cell>
    </tr>
  );
}

function notesOf({ livesHere, canSignIn, isLast }: RoleHolder): string {
  return [
    ...(isLast && canSignIn ? ["The last one who can sign in: neither blocked nor disabled."] : []),
    ...(canSignIn ? [] : ["Cannot sign in at this moment."]),
    ...(livesHere ? [] : ["Lives in another organisation."]),
  ].join(" ");
}
