// Every licence with its seats: how many are taken, how long it lasts, and what can be done about it.

import { Button, Skeleton } from "@mantine/core";
import type { OrganisationId } from "@lockstep/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { licencesQuery } from "../api.ts";
import { Loaded } from "../Loaded.tsx";
import { useRights } from "../sessions/rights.ts";
import { PlusIcon } from "../ui/icons.tsx";
import { Note } from "../ui/Note.tsx";
import { PageHead } from "../ui/PageHead.tsx";
import { AddLicenceDialog } from "./AddLicenceDialog.tsx";
import { LicenceCard } from "./LicenceCard.tsx";
import styles from "./licences.module.css";

const route = getRouteApi("/organisations/$organisationId/licences");

export function LicencesPage(): ReactNode {
  const { organisationId } = route.useParams();
  const query = useQuery(licencesQuery(organisationId));
  useDocumentTitle("Licences · Lockstep");
  return (
    <>
      <PageHead
        actions={query.data?.licences.length !== 0 && <AddLicence organisationId={organisationId} />}
        title="Licences"
      />
      <Loaded query={query} skeleton={<Skeleton height={220} radius={10} />}>
        {({ licences }) =>
          licences.length === 0 ? (
            <div className={styles.empty}>
              <Note action={<AddLicence organisationId={organisationId} />} title="There is no licence yet.">
                A licence is a pool of seats with a last day. Nobody takes a seat by adding one.
              </Note>
            </div>
          ) : (
            <ul className={styles.licences}>
              {licences.map((licence) => (
                <LicenceCard
                  all={licences}
                  key={licence.id}
                  licence={licence}
                  organisationId={organisationId}
                />
              ))}
            </ul>
          )
        }
      </Loaded>
    </>
  );
}

function AddLicence({ organisationId }: { readonly organisationId: OrganisationId }): ReactNode {
  const [isOpen, setOpen] = useState(false);
  if (!useRights()("edit-licences").allowed) return null;
  return (
    <>
      <Button leftSection={<PlusIcon />} onClick={() => setOpen(true)} size="sm" variant="filled">
        Add a licence
      </Button>
      {isOpen && <AddLicenceDialog onClose={() => setOpen(false)} organisationId={organisationId} />}
    </>
  );
}
