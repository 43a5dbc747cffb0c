// Mails of the whole installation: the server that takes them, how each has come along, and those that wait.

import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { Loaded } from "../Loaded.tsx";
import { MailsHead } from "./MailsHead.tsx";
import { MailServerSection } from "./MailServerSection.tsx";
import { Outbox } from "./Outbox.tsx";
import { mailServerQuery } from "./queries.ts";
import styles from "./mails.module.css";

export function MailsPage(): ReactNode {
  const query = useQuery(mailServerQuery());
  return (
    <>
      <MailsHead page="Outbox" />
      <Loaded query={query} skeleton={<Skeleton height={200} radius={10} />}>
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
