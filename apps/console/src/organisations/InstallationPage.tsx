// The installation as a whole: its organisations, the authorities above them, and the key that wraps all keys.

import type { Organisation } from "@lockstep/api";
import { Button, Skeleton } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { authoritiesQuery, organisationsQuery, sessionQuery } from "../api.ts";
import { Deleted } from "../deletions/Deleted.tsx";
import { Loaded } from "../Loaded.tsx";
import { MailsSummary } from "../mails/MailsSummary.tsx";
import { useInstallationRights } from "../sessions/rights.ts";
import { ActionButton } from "../ui/ActionButton.tsx";
import { PlusIcon } from "../ui/icons.tsx";
import { PageHead } from "../ui/PageHead.tsx";
import { Section } from "../ui/Section.tsx";
import { useAuthoritiesToImport } from "./authorities.ts";
import { CreateAuthorityDialog, CreateOrganisationDialog, type AuthorityChoice } from "./CreateDialogs.tsx";
import { useCurrentOrganisation } from "./current.ts";
import { KeyEncryption } from "./KeyEncryption.tsx";
import { OrganisationRow } from "./OrganisationRow.tsx";
import styles from "./installation.module.css";

export function InstallationPage(): ReactNode {
  const organisations = useQuery(organisationsQuery());
  const seesAll = useInstallationRights()("read-installation").allowed;
  useDocumentTitle("Installation · Lockstep");
  return (
    <>
      <PageHead
        actions={<Create organisations={organisations.data?.organisations ?? []} />}
        title="Installation"
      />
      <div className={styles.columns} data-single={!seesAll}>
        <div className={styles.column}>
          <Section
            aside={organisations.data && <span>{organisations.data.organisations.length}</span>}
            title="Organisations"
          >
            <Loaded query={organisations} skeleton={<Skeleton height={160} />}>
              {(reply) => (
                <ul>
                  {reply.organisations.map((organisation) => (
                    <OrganisationRow key={organisation.id} organisation={organisation} />
                  ))}
                </ul>
              )}
            </Loaded>
          </Section>
          <Deleted />
        </div>
        {seesAll && (
          <div className={styles.column}>
            <MailsSummary />
            <KeyEncryption />
            <Authorities />
          </div>
        )}
      </div>
    </>
  );
}

function Authorities(): ReactNode {
  const query = useQuery(authoritiesQuery());
  const mayDelete = useInstallationRights()("delete-authority");
  const navigate = useNavigate();
  return (
    <Section aside={query.data && <span>{query.data.authorities.length}</span>} title="Authorities">
      <Loaded query={query} skeleton={<Skeleton height={80} />}>
        {({ authorities }) => (
          <ul className={styles.authorities}>
            {authorities.map(({ id, name, state }) => (
              <li key={id}>
                <span>{name}</span>
                {state === "deleted" ? (
                  <span className={styles.mark}>Deleted</span>
                ) : (
                  <ActionButton
                    label={`Delete: ${name}`}
                    onClick={() =>
                      void navigate({ to: "/authorities/$authorityId/deletion", params: { authorityId: id } })
                    }
                    why={mayDelete.allowed ? null : mayDelete.why}
                  >
                    Delete
                  </ActionButton>
                )}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Section>
  );
}

/** The authorities below which one may make an organisation. */
function useOwnAuthorities(organisations: readonly Organisation[]): AuthorityChoice[] {
  const { data: me } = useQuery(sessionQuery());
  const held = me?.roles.filter(({ role }) => role === "authority-administrator") ?? [];
  const ids = [...new Set(held.flatMap(({ authorityId }) => authorityId ?? []))];
  return ids.map((id) => {
    const known = organisations.find(({ authorityId }) => authorityId === id);
    return { id, name: known?.authority ?? "your authority" };
  });
}

function ImportButton(): ReactNode {
  const current = useCurrentOrganisation();
  return (
    <Button
      renderRoot={(props) => (
        <Link search={{ organisation: current?.id }} to="/installation/imports" {...props} />
      )}
      size="sm"
    >
      Import
    </Button>
  );
}

function Create({ organisations }: { readonly organisations: readonly Organisation[] }): ReactNode {
  const [open, setOpen] = useState<"authority" | "organisation" | null>(null);
  const mayMakeAuthority = useInstallationRights()("create-authority").allowed;
  const mayImport = (useAuthoritiesToImport() ?? []).length > 0;
  const authorities = useOwnAuthorities(organisations);
  const close = () => setOpen(null);
  return (
    <>
      {mayImport && <ImportButton />}
      {mayMakeAuthority && (
        <Button leftSection={<PlusIcon />} onClick={() => setOpen("authority")} size="sm">
          New authority
        </Button>
      )}
      {authorities.length > 0 && (
        <Button leftSection={<PlusIcon />} onClick={() => setOpen("organisation")} size="sm" variant="filled">
          New organisation
        </Button>
      )}
      {open === "authority" && <CreateAuthorityDialog onClose={close} />}
      {open === "organisation" && <CreateOrganisationDialog authorities={authorities} onClose={close} />}
    </>
  );
}
