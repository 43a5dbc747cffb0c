// Whether mails get through, in one card, and the way to their room.

import { Button, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { Loaded } from "../Loaded.tsx";
import { Fact } from "../ui/Fact.tsx";
import { wordsOfNumber } from "../ui/format.ts";
import { Section } from "../ui/Section.tsx";
import { mailServerQuery } from "./queries.ts";
import styles from "./mails.module.css";

export function MailsSummary(): ReactNode {
  const query = useQuery(mailServerQuery());
  return (
    <Section aside={<ToMails />} title="Mails">
      <Loaded query={query} skeleton={<Skeleton height={90} />}>
        {({ server, waiting, failed }) => (
          <dl className={styles.facts}>
            <Fact name="Server">{server === null ? "none yet: mails wait" : server.host}</Fact>
            <Fact name="Waiting">{wordsOfNumber(waiting)}</Fact>
            <Fact name="Given up">{wordsOfNumber(failed)} in thirty days</Fact>
          </dl>
        )}
      </Loaded>
    </Section>
  );
}

function ToMails(): ReactNode {
  const { organisation } = useSearch({ strict: false });
  return (
    <Button renderRoot={(props) => <Link search={{ organisation }} to="/installation/mails" {...props} />}>
      Server and outbox
    </Button>
  );
}
