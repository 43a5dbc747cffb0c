// Who is signed in and as what, and the ways to what is one's own.

import { sessions, type Me } from "@lockstep/api";
import { Popover } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { call, hasCode, sessionQuery } from "../api.ts";
import { Refused } from "../changes/Refused.tsx";
import { capitalised, heldRoles, roleWords } from "./words.ts";
import styles from "./sessions.module.css";

export function UserMenu(): ReactNode {
  const { data: me } = useQuery(sessionQuery());
  const signOut = useSignOut();
  const [isOpen, setOpen] = useState(false);
  if (me === undefined) return null;
  const { name } = me.user;
  const close = () => setOpen(false);
  return (
    <Popover
      onChange={setOpen}
      opened={isOpen}
      position="bottom-end"
      returnFocus
      shadow="md"
      trapFocus
      width={280}
      withinPortal={false}
    >
      <Popover.Target>
        <button className={styles.avatar} onClick={() => setOpen(!isOpen)} type="button">
          <span aria-hidden="true">{initialsOf(name)}</span>
          <span className={styles.hidden}>{name}: account and sign-out</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Account" className={styles.menu ?? ""}>
        <Who me={me} />
        <ul className={styles.ways}>
          <li>
            <Link onClick={close} to="/account">
              Your account
            </Link>
          </li>
          <li>
            <Link onClick={close} to="/reference">
              Reference of the API
            </Link>
          </li>
          <li>
            <button disabled={signOut.isPending} onClick={() => signOut.mutate()} type="button">
              Sign out
            </button>
          </li>
        </ul>
        <Refused error={signOut.error} />
      </Popover.Dropdown>
    </Popover>
  );
}

function Who({ me: { user, roles } }: { readonly me: Me }): ReactNode {
  return (
    <div className={styles.who}>
      <p className={styles.whoName}>{user.name}</p>
      <p className={styles.quiet}>{user.username}</p>
      <ul className={styles.roles}>
        {heldRoles(roles).map(({ role, organisationId, organisation }) => (
          <li key={`${role} ${organisationId}`}>
            {capitalised(roleWords[role])} <span className={styles.quiet}>{organisation}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function useSignOut() {
  const queries = useQueryClient();
  const router = useRouter();
  return useMutation({
    mutationFn: async () => {
      try {
        await call(sessions.signOut);
      } catch (error) {
        // It had ended by itself.
        if (!hasCode(error, "sign_in_required")) throw error;
      }
    },
    onSuccess: async () => {
      await queries.cancelQueries();
      await router.navigate({ to: "/sign-in", ignoreBlocker: true });
      queries.clear();
    },
  });
}

function initialsOf(name: string): string {
  const [first = "", ...others] = name.split(/\s+/);
  return (first.charAt(0) + (others.at(-1)?.charAt(0) ?? "")).toUpperCase();
}
