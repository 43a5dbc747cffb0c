// The organisation's root: the keys that sign for it, until when, and whether the root holder's key is there.

import type { Root } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { rootQuery } from "../api.ts";
import { Loaded } from "../Loaded.tsx";
import { useRights } from "../sessions/rights.ts";
import { ActionButton } from "../ui/ActionButton.tsx";
import { Fact } from "../ui/Fact.tsx";
import { Moment } from "../ui/Moment.tsx";
import { Section } from "../ui/Section.tsx";
import { ExportDialog, SigningDialog, type Ceremony } from "./RootDialogs.tsx";
import styles from "./roots.module.css";

interface SigningKeysProps {
  readonly organisationId: OrganisationId;
}

export function SigningKeys({ organisationId }: SigningKeysProps): ReactNode {
  const query = useQuery(rootQuery(organisationId));
  return (
    <Section aside={query.data && <span>Version {query.data.version}</span>} title="Keys that sign">
      <Loaded query={query} skeleton={<Skeleton height={160} />}>
        {(root) => (
          <>
            <Facts root={root} />
            <Actions organisationId={organisationId} root={root} />
          </>
        )}
      </Loaded>
    </Section>
  );
}

const holderWords: Record<Root["holder"], string> = {
  present: "on the server",
  away: "kept elsewhere; put it back to sign",
  wrong: "on the server, but cannot be used or is another key’s",
};

const roleWords: Record<Root["keys"][number]["role"], string> = {
  root: "Root holder",
  issuer: "Issuer",
  pulse: "Pulse",
};

const roleAbout: Record<Root["keys"][number]["role"], string> = {
  root: "signs which keys count",
  issuer: "signs Key-Files and orders",
  pulse: "signs that the server is there",
};

function Facts({ root }: { readonly root: Root }): ReactNode {
  const { epoch, expiresAt, holder, exportedAt, keys } = root;
  return (
    <dl className={styles.facts}>
      <Fact name="Epoch">{epoch}</Fact>
      <Fact name="Good until">
        <Moment at={expiresAt} isAbsolute />
      </Fact>
      <Fact name="Root holder’s key">{holderWords[holder]}</Fact>
      <Fact name="Key files copied">
        {exportedAt === null ? "nobody has confirmed it" : <Moment at={exportedAt} isAbsolute />}
      </Fact>
      {keys.map(({ role, kid, madeAt }) => (
        <Fact key={kid} name={roleWords[role]}>
          {roleAbout[role]}, since <Moment at={madeAt} isAbsolute />
          <code className={styles.kid}>{kid}</code>
        </Fact>
      ))}
    </dl>
  );
}

const buttons: readonly { readonly ceremony: Ceremony; readonly words: string }[] = [
  { ceremony: "issuer", words: "Rotate the issuer key" },
  { ceremony: "pulse", words: "Rotate the pulse key" },
  { ceremony: "renewal", words: "Renew" },
  { ceremony: "epoch", words: "Begin a new epoch" },
];

const isAheadWords = "Workstations hold what this server never made. Begin a new epoch first.";

function Actions({ organisationId, root }: SigningKeysProps & { readonly root: Root }): ReactNode {
  const [open, setOpen] = useState<"export" | Ceremony | null>(null);
  if (!useRights()("edit-root").allowed) return null;
  const close = () => setOpen(null);
  return (
    <div className={styles.actions}>
      <ActionButton onClick={() => setOpen("export")}>Copy the key files</ActionButton>
      {buttons.map(({ ceremony, words }) => (
        <ActionButton
          key={ceremony}
          onClick={() => setOpen(ceremony)}
          why={root.ahead !== null && ceremony !== "epoch" ? isAheadWords : null}
        >
          {words}
        </ActionButton>
      ))}
      {open === "export" && <ExportDialog onClose={close} organisationId={organisationId} />}
      {open !== null && open !== "export" && (
        <SigningDialog ceremony={open} onClose={close} organisationId={organisationId} root={root} />
      )}
    </div>
  );
}
