// What every page has around it: the product, the organisation and its rooms, who is signed in, and a way past them
// for the keyboard. The doors stand outside.

import { Link, Outlet, useMatches, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef, type ReactNode } from "react";

import { DeletionBanner } from "./deletions/DeletionBanner.tsx";
import { OrganisationSelector } from "./organisations/OrganisationSelector.tsx";
import { Rooms } from "./organisations/Rooms.tsx";
import { useCurrentOrganisation } from "./organisations/current.ts";
import { isOutside } from "./sessions/entry.ts";
import { UserMenu } from "./sessions/UserMenu.tsx";
import styles from "./shell.module.css";
import { Brand } from "./ui/Brand.tsx";
import { SchemeToggle } from "./ui/SchemeToggle.tsx";

export function Shell(): ReactNode {
  const isAlone = useMatches({ select: (matches) => matches.some(({ routeId }) => isOutside(routeId)) });
  return isAlone ? <Outlet /> : <Inside />;
}

function Inside(): ReactNode {
  const main = useRef<HTMLElement>(null);
  useFocusOnNewPage(main);
  const organisation = useCurrentOrganisation();
  return (
    <>
      <a className={styles.skip} href="#content">
        Skip to the content
      </a>
      <header className={styles.header}>
        <div className={styles.headerInner}>
          <Link
            aria-label="Lockstep, all users"
            className={styles.brand}
            search={{ organisation: organisation?.id }}
            to="/"
          >
            <Brand />
          </Link>
          <span aria-hidden="true" className={styles.slash}>
            /
          </span>
          <OrganisationSelector />
          <span className={styles.spacer} />
          <SchemeToggle />
          <UserMenu />
        </div>
      </header>
      <Rooms />
      <DeletionBanner />
      <main className={styles.main} id="content" ref={main} tabIndex={-1}>
        <Outlet />
      </main>
    </>
  );
}

/** Another page begins to be read at its top; another filter of the same page does not. */
function useFocusOnNewPage(main: { readonly current: HTMLElement | null }): void {
  const path = useRouterState({ select: ({ location }) => location.pathname });
  const former = useRef(path);
  useEffect(() => {
    if (former.current === path) return;
    former.current = path;
    main.current?.focus({ preventScroll: true });
  }, [path, main]);
}
