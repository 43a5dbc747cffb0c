// The browsers in which one is signed in: one ends what one does not know, or has left open somewhere.

import { sessions, type Session } from "@lockstep/api";
import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { call, hasCode, sessionsQuery } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { Refused } from "../changes/Refused.tsx";
import { Loaded } from "../Loaded.tsx";
import { countOf } from "../ui/format.ts";
import { Moment } from "../ui/Moment.tsx";
import { Section } from "../ui/Section.tsx";
import styles from "./sessions.module.css";

export function Browsers(): ReactNode {
  const open = useQuery(sessionsQuery());
  const [isEnding, setEnding] = useState(false);
  const others = open.data?.sessions.filter(({ isThis }) => !isThis).length ?? 0;
  const endOthers = others > 0 && <Button onClick={() => setEnding(true)}>Sign out everywhere else</Button>;
  return (
    <Section aside={endOthers} title="Signed in">
      <p className={styles.about}>
        The browsers in which you are signed in. Nobody else sees them. If you do not know one, sign out there
        and change your password.
      </p>
      <Loaded query={open} skeleton={<Skeleton height={80} />}>
        {({ sessions: all }) => (
          <ul className={styles.tokens}>
            {all
              .toSorted((one, other) => Number(other.isThis) - Number(one.isThis))
              .map((session) => (
                <BrowserLine key={session.id} session={session} />
              ))}
          </ul>
        )}
      </Loaded>
      {isEnding && <EndOthersDialog count={others} onClose={() => setEnding(false)} />}
    </Section>
  );
}

function BrowserLine({ session }: { readonly session: Session }): ReactNode {
  const { id: sessionId, name, madeAt, lastUsedAt, isThis } = session;
  const end = useChange("session", async () => {
    try {
      await call(sessions.endSession, { params: { sessionId } });
    } catch (error) {
      // It had ended by itself.
      if (!hasCode(error, "session_not_found")) throw error;
    }
  });
  return (
    <li>
      <div>
        <p className={styles.tokenName}>
          {name} {isThis && <span className={styles.here}>this one</span>}
        </p>
        <p className={styles.quiet}>
          signed in <Moment at={madeAt} /> · used <Moment at={lastUsedAt} />
        </p>
        <Refused error={end.error} />
      </div>
      {!isThis && (
        <Button
          aria-label={`Sign out in ${name}`}
          loading={end.isPending}
          onClick={() => end.mutate(undefined)}
        >
          Sign out
        </Button>
      )}
    </li>
  );
}

interface EndOthersDialogProps {
  readonly count: number;
  readonly onClose: () => void;
}

function EndOthersDialog({ count, onClose }: EndOthersDialogProps): ReactNode {
  const end = useChange("session", () => call(sessions.endOtherSessions));
  return (
    <FormDialog
      action="Sign out there"
      change={end}
      isGrave
      onClose={onClose}
      onSubmit={(close) => end.mutate(undefined, { onSuccess: close })}
      title="Sign out everywhere else"
    >
      <p>
        You are signed out in {countOf(count, "other browser")} at once and stay signed in here. Your tokens
        stay.
      </p>
    </FormDialog>
  );
}
