// A whole policy to read: every setting with its value and where that comes from, folded until it is wanted.

import type { Holdings } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import type { ReactNode } from "react";

import { TeamLink } from "../teams/TeamLink.tsx";
import { countOf } from "../ui/format.ts";
import { wordsOfValue } from "./words.ts";
import styles from "./policies.module.css";

interface HeldPolicyProps {
  readonly organisationId: OrganisationId;
  readonly policy: Holdings["policy"];
}

export function HeldPolicy({ organisationId, policy }: HeldPolicyProps): ReactNode {
  const set = policy.filter(({ origin }) => origin !== null).length;
  return (
    <details className={styles.held}>
      <summary>
        Policy{" "}
        <span className={styles.quiet}>
          {set === 0 ? "as delivered" : `${countOf(set, "setting")} set by teams, the others as delivered`}
        </span>
      </summary>
      <dl>
        {policy.map(({ setting, value, origin }) => (
          <div key={setting}>
            <dt>{setting}</dt>
            <dd>
              <strong>{wordsOfValue(setting, value)}</strong>
              <span className={styles.quiet}>
                {origin === null ? (
                  "product default"
                ) : (
                  <TeamLink organisationId={organisationId} team={origin} />
                )}
              </span>
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
