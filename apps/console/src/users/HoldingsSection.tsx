// What the user should hold on every workstation: keys with the ways they come, and each setting with its origin.

import type { User } from "@lockstep/api";
import type { OrganisationId, UserId } from "@lockstep/core";
import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { groupsQuery, holdingsQuery } from "../api.ts";
import { HeldKeyList } from "../keys/HeldKeys.tsx";
import { Loaded } from "../Loaded.tsx";
import { HeldPolicy } from "../policies/HeldPolicy.tsx";
import { useRights } from "../sessions/rights.ts";
import { Section } from "../ui/Section.tsx";
import { UserGroupsDialog } from "./UserGroupsDialog.tsx";
import styles from "./user.module.css";

interface HoldingsSectionProps {
  readonly organisationId: OrganisationId;
  readonly userId: UserId;
  /** As entered; undefined while it loads. */
  readonly user: User | undefined;
}

export function HoldingsSection({ organisationId, userId, user }: HoldingsSectionProps): ReactNode {
  const holdings = useQuery(holdingsQuery(organisationId, userId));
  return (
    <Section aside={<OwnGroups organisationId={organisationId} user={user} />} title="Should hold">
      <Loaded query={holdings} skeleton={<Skeleton className={styles.lineSkeleton ?? ""} height={80} />}>
        {({ keys, policy }) => (
          <>
            {keys.length === 0 ? (
              <p className={styles.calm}>No group gives the user a key.</p>
            ) : (
              <HeldKeyList keys={keys} organisationId={organisationId} />
            )}
            <HeldPolicy organisationId={organisationId} policy={policy} />
          </>
        )}
      </Loaded>
    </Section>
  );
}

interface OwnGroupsProps {
  readonly organisationId: OrganisationId;
  readonly user: User | undefined;
}

function OwnGroups({ organisationId, user }: OwnGroupsProps): ReactNode {
  const mayEdit = useRights()("edit-keys").allowed;
  const groups = useQuery({ ...groupsQuery(organisationId), enabled: mayEdit });
  const [isEditing, setEditing] = useState(false);
  if (!mayEdit || user === undefined || groups.data === undefined) return null;
  return (
    <>
      <Button onClick={() => setEditing(true)}>Own groups</Button>
      {isEditing && (
        <UserGroupsDialog
          groups={groups.data.groups}
          onClose={() => setEditing(false)}
          organisationId={organisationId}
          user={user}
        />
      )}
    </>
  );
}
