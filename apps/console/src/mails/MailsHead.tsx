// The first lines of the pages of mails: where one is, and the ways between them.

import { useDocumentTitle } from "@mantine/hooks";
import { Link, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";

import accounts from "../accounts/accounts.module.css";
import { Breadcrumbs } from "../ui/Breadcrumbs.tsx";
import { PageHead } from "../ui/PageHead.tsx";

interface MailsHeadProps {
  /** Of the page, for the window. */
  readonly page: string;
}

const exact = { activeOptions: { exact: true, includeSearch: false } } as const;

export function MailsHead({ page }: MailsHeadProps): ReactNode {
  const { organisation } = useSearch({ strict: false });
  useDocumentTitle(`${page} · Mails · Lockstep`);
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
      <nav aria-label="Mails" className={accounts.pages}>
        <Link {...exact} search={{ organisation }} to="/installation/mails">
          Outbox and server
        </Link>
        <Link {...exact} search={{ organisation }} to="/installation/mails/words">
          What they say
        </Link>
      </nav>
    </>
  );
}
