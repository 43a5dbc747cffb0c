// The first lines of every page of the room for accounts: its title, and the ways between its pages.

import type { OrganisationId } from "@lockstep/core";
import { useDocumentTitle } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { useRights } from "../sessions/rights.ts";
import { PageHead } from "../ui/PageHead.tsx";
import styles from "./accounts.module.css";

interface AccountsHeadProps {
  readonly organisationId: OrganisationId;
  /** Of the page, for the window. */
  readonly page: string;
  readonly children?: ReactNode;
}

const exact = { activeOptions: { exact: true, includeSearch: false } } as const;

export function AccountsHead({ organisationId, page, children }: AccountsHeadProps): ReactNode {
  useDocumentTitle(`${page} · Accounts · Lockstep`);
  const params = { organisationId };
  const may = useRights();
  return (
    <>
      <PageHead title="Accounts">{children}</PageHead>
      <nav aria-label="Accounts" className={styles.pages}>
        <Link {...exact} params={params} to="/organisations/$organisationId/accounts">
          People
        </Link>
        <Link {...exact} params={params} to="/organisations/$organisationId/accounts/forecast">
          Forecast
        </Link>
        <Link {...exact} params={params} to="/organisations/$organisationId/accounts/rules">
          Rules
        </Link>
        <Link {...exact} params={params} to="/organisations/$organisationId/accounts/roles">
          Roles
        </Link>
        {may("read-directory").allowed && (
          <Link {...exact} params={params} to="/organisations/$organisationId/accounts/single-sign-on">
            Single sign-on
          </Link>
        )}
        {may("read-deletion-requests").allowed && (
          <Link {...exact} params={params} to="/organisations/$organisationId/accounts/deletions">
            Deletions
          </Link>
        )}
        <Link {...exact} params={params} to="/organisations/$organisationId/accounts/can-i">
          Can I?
        </Link>
      </nav>
    </>
  );
}
