// The encryption keys of the organisation, and the groups in which they are given to teams and users.

import type { Group, Key } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Button, Skeleton } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { groupsQuery, keysQuery } from "../api.ts";
import { Loaded } from "../Loaded.tsx";
import { SigningKeys } from "../roots/SigningKeys.tsx";
import { useCurrentOrganisation } from "../organisations/current.ts";
import { useRights } from "../sessions/rights.ts";
import { PlusIcon } from "../ui/icons.tsx";
import { PageHead } from "../ui/PageHead.tsx";
import { Section } from "../ui/Section.tsx";
import { RecoveryFileDialog } from "./RecoveryFileDialog.tsx";
import { CreateGroupDialog, CreateKeyDialog } from "./CreateDialogs.tsx";
import { GroupRow } from "./GroupRow.tsx";
import { KeyRow } from "./KeyRow.tsx";
import styles from "./keys.module.css";

const route = getRouteApi("/organisations/$organisationId/keys");

export function KeysPage(): ReactNode {
  const { organisationId } = route.useParams();
  const keys = useQuery(keysQuery(organisationId));
  const groups = useQuery(groupsQuery(organisationId));
  useDocumentTitle("Keys · Lockstep");
  return (
    <>
      <PageHead
        actions={
          <Create groups={groups.data?.groups} keys={keys.data?.keys} organisationId={organisationId} />
        }
        title="Keys"
      />
      <div className={styles.columns}>
        <Section aside={keys.data && <span>{keys.data.keys.length}</span>} title="Keys">
          <Loaded query={keys} skeleton={<Skeleton height={200} />}>
            {(reply) => (
              <KeyList groups={groups.data?.groups ?? []} keys={reply.keys} organisationId={organisationId} />
            )}
          </Loaded>
        </Section>
        <div className={styles.column}>
          <Section aside={groups.data && <span>{groups.data.groups.length}</span>} title="Groups">
            <Loaded query={groups} skeleton={<Skeleton height={200} />}>
              {(reply) => (
                <GroupList
                  groups={reply.groups}
                  keys={keys.data?.keys ?? []}
                  organisationId={organisationId}
                />
              )}
            </Loaded>
          </Section>
          <SigningKeys organisationId={organisationId} />
        </div>
      </div>
    </>
  );
}

interface KeyListProps {
  readonly organisationId: OrganisationId;
  readonly keys: readonly Key[];
  readonly groups: readonly Group[];
}

function KeyList({ organisationId, keys, groups }: KeyListProps): ReactNode {
  if (keys.length === 0) {
    return (
      <p className={styles.calm}>
        There is no key yet. Make one, put it into a group, and give the group to a team: whoever is in it
        opens the files that were encrypted with it.
      </p>
    );
  }
  return (
    <ul className={styles.rows}>
      {keys.map((each) => (
        <KeyRow encryptionKey={each} groups={groups} key={each.id} organisationId={organisationId} />
      ))}
    </ul>
  );
}

function GroupList({ organisationId, keys, groups }: KeyListProps): ReactNode {
  if (groups.length === 0) {
    return (
      <p className={styles.calm}>
        There is no group yet. Teams and users are given groups, never keys alone.
      </p>
    );
  }
  return (
    <ul className={styles.rows}>
      {groups.map((group) => (
        <GroupRow group={group} key={group.id} keys={keys} organisationId={organisationId} />
      ))}
    </ul>
  );
}

interface CreateProps {
  readonly organisationId: OrganisationId;
  readonly keys: readonly Key[] | undefined;
  readonly groups: readonly Group[] | undefined;
}

function Create({ organisationId, keys, groups }: CreateProps): ReactNode {
  const [open, setOpen] = useState<"key" | "group" | "recovery" | null>(null);
  const organisation = useCurrentOrganisation();
  if (!useRights()("edit-keys").allowed || keys === undefined || groups === undefined) return null;
  const dialog = { organisationId, keys, groups, onClose: () => setOpen(null) };
  return (
    <>
      {keys.length > 0 && (
        <Button onClick={() => setOpen("recovery")} size="sm">
          Recovery file
        </Button>
      )}
      <Button leftSection={<PlusIcon />} onClick={() => setOpen("group")} size="sm">
        New group
      </Button>
      <Button leftSection={<PlusIcon />} onClick={() => setOpen("key")} size="sm" variant="filled">
        New key
      </Button>
      {open === "key" && <CreateKeyDialog {...dialog} />}
      {open === "group" && <CreateGroupDialog {...dialog} />}
      {open === "recovery" && organisation && (
        <RecoveryFileDialog onClose={dialog.onClose} organisation={organisation} />
      )}
    </>
  );
}
