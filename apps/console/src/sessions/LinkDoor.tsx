// The frame of the pages that a mail's link opens: whose account it is about, or that the link does not work.

import type { LinkPurpose } from "@lockstep/api";
import { useDocumentTitle } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { Refused } from "../changes/Refused.tsx";
import { Note } from "../ui/Note.tsx";
import { Door } from "./Door.tsx";
import { linkQuery } from "./link.ts";
import styles from "./sessions.module.css";

interface LinkDoorProps {
  readonly title: string;
  readonly purpose: LinkPurpose;
  readonly secret: string;
  /** What is said once it is done; null before. */
  readonly done: string | null;
  readonly children: ReactNode;
}

export function LinkDoor({ title, purpose, secret, done, children }: LinkDoorProps): ReactNode {
  const { data: link, error } = useQuery(linkQuery(secret));
  useDocumentTitle(`${title} · Lockstep`);
  if (done !== null) {
    return (
      <Door title={title}>
        <Note isLine title={done} tone="good" />
        <Link className={styles.onward} to="/sign-in">
          Sign in
        </Link>
      </Door>
    );
  }
  const fits = link?.purpose === purpose;
  return (
    <Door lead={fits ? `The account ${link.username} of ${link.organisation}.` : undefined} title={title}>
      <Refused error={error} />
      {link !== undefined && !fits && <Note isLine title="This link is for something else." tone="bad" />}
      {fits && children}
    </Door>
  );
}
