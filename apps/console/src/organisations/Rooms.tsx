// The rooms of an organisation, and of the installation for those who look after it.

import type { Organisation } from "@lockstep/api";
import { Link, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef, type ReactNode } from "react";

import { useInstallationRights, useRights } from "../sessions/rights.ts";
import { useCurrentOrganisation } from "./current.ts";
import styles from "./organisations.module.css";

/** What the address of a page in each room is like. */
const rooms = {
  users: /^\/$|\/users\//,
  accounts: /\/accounts(\/|$)/,
  teams: /\/teams(\/|$)/,
  keys: /\/keys$/,
  licences: /\/licences$/,
  workstations: /\/workstation(s|-teams)(\/|$)/,
  updates: /\/updates$/,
  directories: /\/directories(\/|$)/,
  import: /\/import$/,
  installation: /^\/installation(\/|$)|\/[0-9a-f-]+\/deletion$/,
} as const;

/** Of a row of links that is wider than the screen, the one for where we are. */
function useCurrentInSight(place: string) {
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    nav.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }, [place]);
  return nav;
}

/** Whether one looks after the installation, or after the authority above the organisation. */
function useIsOfInstallation(authorityId: Organisation["authorityId"]): boolean {
  const may = useInstallationRights();
  return may("read-installation").allowed || may("create-organisation", authorityId).allowed;
}

export function Rooms(): ReactNode {
  const organisation = useCurrentOrganisation();
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const may = useRights();
  const isOfInstallation = useIsOfInstallation(organisation?.authorityId ?? null);
  const nav = useCurrentInSight(`${path} ${organisation?.id ?? ""}`);
  if (organisation === undefined || !may("read-teams").allowed) return null;
  const { id: organisationId } = organisation;
  const of = (room: keyof typeof rooms) => ({
    className: styles.room,
    // Which room it is, and not only which page: a user's page is in the users' room.
    "aria-current": rooms[room].test(path) ? ("page" as const) : undefined,
    activeProps: {},
  });
  const params = { organisationId };
  return (
    <nav aria-label="Rooms" className={styles.rooms} ref={nav}>
      <div className={styles.roomsInner}>
        <Link {...of("users")} search={{ organisation: organisationId }} to="/">
          Users
        </Link>
        <Link {...of("accounts")} params={params} to="/organisations/$organisationId/accounts">
          Accounts
        </Link>
        <Link {...of("teams")} params={params} to="/organisations/$organisationId/teams">
          Teams
        </Link>
        <Link {...of("keys")} params={params} to="/organisations/$organisationId/keys">
          Keys
        </Link>
        <Link {...of("licences")} params={params} to="/organisations/$organisationId/licences">
          Licences
        </Link>
        <Link {...of("workstations")} params={params} to="/organisations/$organisationId/workstations">
          Workstations
        </Link>
        <Link {...of("updates")} params={params} to="/organisations/$organisationId/updates">
          Updates
        </Link>
        {may("read-directory").allowed && (
          <Link {...of("directories")} params={params} to="/organisations/$organisationId/directories">
            Directories
          </Link>
        )}
        {may("edit-people").allowed && (
          <Link {...of("import")} params={params} to="/organisations/$organisationId/import">
            Import
          </Link>
        )}
        {isOfInstallation && (
          <Link {...of("installation")} search={{ organisation: organisationId }} to="/installation">
            Installation
          </Link>
        )}
      </div>
    </nav>
  );
}
