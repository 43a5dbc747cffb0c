// What every page has around it: the product, the organisation, the colours, and a way past them for the keyboard.

import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect, useRef, type ReactNode } from "react";

import { OrganisationSelector } from "./organisations/OrganisationSelector.tsx";
import { useCurrentOrganisation } from "./organisations/current.ts";
import styles from "./shell.module.css";
import { SchemeToggle } from "./ui/SchemeToggle.tsx";

export function Shell(): ReactNode {
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
            <svg aria-hidden="true" height="22" viewBox="0 0 32 32" width="22">
              <rect fill="var(--ink)" height="32" rx="8" width="32" />
              <path d="M8 9h9v5h-4v9H8z" fill="var(--on-ink)" />
              <path d="M24 23h-9v-5h4V9h5z" fill="var(--status-active-mark)" />
            </svg>
            <span>Lockstep</span>
          </Link>
          <span aria-hidden="true" className={styles.slash}>
            /
          </span>
          <OrganisationSelector />
          <span className={styles.spacer} />
          <SchemeToggle />
        </div>
      </header>
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
