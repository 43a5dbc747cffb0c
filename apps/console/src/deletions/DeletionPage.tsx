// Deleting an organisation or an authority: everybody and everything concerned, the keys before they go, and the way to do
// it, which nobody goes by accident.

import type { DeletionPreview } from "@lockstep/api";
import { Skeleton } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { Loaded } from "../Loaded.tsx";
import { roleWords } from "../sessions/words.ts";
import { Breadcrumbs } from "../ui/Breadcrumbs.tsx";
import { Note } from "../ui/Note.tsx";
import { PageHead } from "../ui/PageHead.tsx";
import { Section } from "../ui/Section.tsx";
import { Concerned } from "./Concerned.tsx";
import { Confirmation } from "./Confirmation.tsx";
import { People } from "./People.tsx";
import { deletionPreviewQuery, type Whole } from "./queries.ts";
import { RecoveryFiles } from "./RecoveryFiles.tsx";
import styles from "./deletions.module.css";

const ofOrganisation = getRouteApi("/organisations/$organisationId/deletion");
const ofAuthority = getRouteApi("/authorities/$authorityId/deletion");

export function OrganisationDeletionPage(): ReactNode {
  const { organisationId } = ofOrganisation.useParams();
  return <DeletionPage whole={{ kind: "organisation", id: organisationId }} />;
}

export function AuthorityDeletionPage(): ReactNode {
  const { authorityId } = ofAuthority.useParams();
  return <DeletionPage whole={{ kind: "authority", id: authorityId }} />;
}

const installation = (
  <Link search={{}} to="/installation">
    Installation
  </Link>
);

function DeletionPage({ whole }: { readonly whole: Whole }): ReactNode {
  const query = useQuery(deletionPreviewQuery(whole));
  const title = `Delete ${query.data?.name ?? `an ${whole.kind}`}`;
  useDocumentTitle(`${title} · Lockstep`);
  return (
    <Loaded isPage query={query} skeleton={<Skeleton height={320} radius={10} />}>
      {(preview) => (
        <>
          <Breadcrumbs
            parts={[
              { key: "installation", content: installation },
              { key: "here", content: title },
            ]}
          />
          <PageHead title={title} />
          <Needed preview={preview} />
          <div className={styles.columns}>
            <div className={styles.column}>
              <Concerned kind={whole.kind} preview={preview} />
              <People preview={preview} whole={whole} />
            </div>
            <div className={styles.column}>
              <RecoveryFiles preview={preview} />
              <Section title="Delete it">
                <div className={styles.own}>
                  <Confirmation preview={preview} whole={whole} />
                </div>
              </Section>
            </div>
          </div>
        </>
      )}
    </Loaded>
  );
}

/** Who prevents it, because somebody outside depends on them. */
function Needed({ preview: { lastElsewhere } }: { readonly preview: DeletionPreview }): ReactNode {
  if (lastElsewhere.length === 0) return null;
  const who = lastElsewhere.map(
    ({ name, role, organisation }) => `${name} is the last ${roleWords[role]} of ${organisation}`,
  );
  return (
    <Note isLine title="It cannot be deleted yet." tone="bad">
      {who.join("; ")}. Appoint somebody else first.
    </Note>
  );
}
