// Whom another rule for signing in concerns, before it is saved.

import type { OrganisationId } from "@lockstep/core";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { sessionQuery } from "../api.ts";
import { Loaded } from "../Loaded.tsx";
import { secondFactorQuery } from "../second-factors/queries.ts";
import { roleWords } from "../sessions/words.ts";
import { countOf } from "../ui/format.ts";
import { Note } from "../ui/Note.tsx";
import ui from "../ui/ui.module.css";
import { roleHoldersQuery } from "./queries.ts";
import styles from "./rules.module.css";

interface ConcernProps {
  readonly organisationId: OrganisationId;
}

/** Whoever requires one of others may not have one either. */
export function SecondFactorConcern({ organisationId }: ConcernProps): ReactNode {
  const { data: me } = useQuery(sessionQuery());
  const { data: own } = useQuery(secondFactorQuery());
  const isOwn = me?.user.organisationId === organisationId;
  return (
    <div className={styles.concern} role="status">
      <p>
        From the next click on, everybody of this organisation who has none can do nothing else in a browser.
        Whoever has lost it is helped by somebody above; of the highest role there should be two.
      </p>
      {isOwn && own?.since === null && (
        <Note
          action={
            <Link className={ui.link} to="/second-factor">
              Set it up first
            </Link>
          }
          isLine
          title="You have none yourself."
          tone="bad"
        />
      )}
    </div>
  );
}

/** Who could be signed in as by whoever looks after the provider. */
export function ManagersConcern({ organisationId }: ConcernProps): ReactNode {
  const query = useQuery(roleHoldersQuery(organisationId));
  return (
    <div aria-live="polite" className={styles.concern}>
      <Loaded query={query} skeleton={<Skeleton height={40} />}>
        {({ holders }) => {
          const these = holders.filter(
            ({ role, livesHere }) => livesHere && (role === "organisation-manager" || role === "helpdesk"),
          );
          return (
            <>
              <p>
                It concerns {countOf(these.length, "role", "roles")} of this organisation. Whoever also holds
                a wider one goes on signing in with the password.
              </p>
              <ul>
                {these.map(({ role, user: { id, name } }) => (
                  <li key={`${role} ${id}`}>
                    <Link
                      className={ui.link}
                      params={{ organisationId, userId: id }}
                      to="/organisations/$organisationId/users/$userId"
                    >
                      {name}
                    </Link>{" "}
                    <span className={styles.quiet}>{roleWords[role]}</span>
                  </li>
                ))}
              </ul>
            </>
          );
        }}
      </Loaded>
    </div>
  );
}
