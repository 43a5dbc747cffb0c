// Who is never disabled for inactivity, and why.

import type { Inactivity } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { Loaded } from "../Loaded.tsx";
import { useRights } from "../sessions/rights.ts";
import { ActionButton } from "../ui/ActionButton.tsx";
import { wordsOfNumber } from "../ui/format.ts";
import { Moment } from "../ui/Moment.tsx";
import { Section } from "../ui/Section.tsx";
import ui from "../ui/ui.module.css";
import { EndExemptionDialog } from "./ExemptionDialogs.tsx";
import { inactivityQuery } from "./queries.ts";
import styles from "./rules.module.css";

type Exempted = Inactivity["exemptions"][number];

interface ExemptionsProps {
  readonly organisationId: OrganisationId;
}

export function Exemptions({ organisationId }: ExemptionsProps): ReactNode {
  const query = useQuery(inactivityQuery(organisationId));
  const [ending, setEnding] = useState<Exempted | null>(null);
  return (
    <Section
      aside={query.data && <span>{wordsOfNumber(query.data.exemptions.length)}</span>}
      title="Exempt from inactivity"
    >
      <Loaded query={query} skeleton={<Skeleton height={120} />}>
        {({ exemptions }) =>
          exemptions.length === 0 ? (
            <p className={styles.calm}>Nobody. An account is exempted on the page of its user.</p>
          ) : (
            <ul className={styles.exemptions}>
              {exemptions.map((one) => (
                <Line key={one.id} onEnd={() => setEnding(one)} one={one} organisationId={organisationId} />
              ))}
            </ul>
          )
        }
      </Loaded>
      {ending && (
        <EndExemptionDialog
          onClose={() => setEnding(null)}
          organisationId={organisationId}
          user={{ ...ending, email: null }}
        />
      )}
    </Section>
  );
}

interface LineProps extends ExemptionsProps {
  readonly one: Exempted;
  readonly onEnd: () => void;
}

function Line({ organisationId, one: { id, name, reason, at }, onEnd }: LineProps): ReactNode {
  const right = useRights()("edit-account-rules", id);
  return (
    <li>
      <div>
        <p>
          <Link
            className={ui.link}
            params={{ organisationId, userId: id }}
            to="/organisations/$organisationId/users/$userId"
          >
            {name}
          </Link>
        </p>
        <p className={styles.quiet}>
          {reason}, <Moment at={at} />
        </p>
      </div>
      <ActionButton
        label={`End the exemption: ${name}`}
        onClick={onEnd}
        why={right.allowed ? null : right.why}
      >
        End
      </ActionButton>
    </li>
  );
}
