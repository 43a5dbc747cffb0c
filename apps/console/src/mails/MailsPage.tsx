// Mails of the whole installation: the server that takes them, how each has come along, and those that wait.

import { Skeleton } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { Loaded } from "../Loaded.tsx";
import { Breadcrumbs } from "../ui/Breadcrumbs.tsx";
import { PageHead } from "../ui/PageHead.tsx";
import { MailServerSection } from "./MailServerSection.tsx";
import { Outbox } from "./Outbox.tsx";
import { mailServerQuery } from "./queries.ts";
import styles from "./mails.module.css";

const route = getRouteApi("/installation/mails");

export function MailsPage(): ReactNode {
  const { organisation } = route.useSearch();
  const query = useQuery(mailServerQuery());
  useDocumentTitle("Mails · Lockstep");
  const above = (
    <Link search={{ organisation }} to="/installation">
      Installation
    </Link>
  );
  return (
    <>
      <Breadcrumbs
        parts={[
          { key: "installation", content: above },
          { key: "mails", content: "Mails" },
        ]}
      />
      <PageHead title="Mails" />
      <Loaded isPage query={query} skeleton={<Skeleton height={200} radius={10} />}>
        {(state) => (
          <div className={styles.columns}>
            <Outbox hasServer={state.server !== null} />
            <MailServerSection state={state} />
          </div>
        )}
      </Loaded>
    </>
  );
}
