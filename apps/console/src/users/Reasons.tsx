// Why it is so: every reason with what it rests on.

import type { Standing } from "@lockstep/api";
import type { ReactNode } from "react";

import { Moment } from "../ui/Moment.tsx";
import { Section } from "../ui/Section.tsx";
import styles from "./user.module.css";

type Reason = Standing["reasons"][number];

interface ReasonsProps {
  readonly reasons: readonly Reason[];
}

export function Reasons({ reasons }: ReasonsProps): ReactNode {
  return (
    <Section title="Why">
      {reasons.length === 0 ? (
        <p className={styles.calm}>Every workstation holds what it should, and nothing stands in the way.</p>
      ) : (
        <ul className={styles.reasons}>
          {reasons.map((reason) => (
            <li key={reason.code}>
              <p className={styles.reason}>
                {reason.sentence} <code>{reason.code}</code>
              </p>
              {reason.evidence.length > 0 && <Evidence evidence={reason.evidence} />}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Evidence({ evidence }: { readonly evidence: Reason["evidence"] }): ReactNode {
  return (
    <ul aria-label="Evidence" className={styles.evidence}>
      {evidence.map(({ code, sentence, at, by }, index) => (
        <li key={`${code} ${index}`}>
          <span>{sentence}</span>
          {(at !== null || by !== null) && (
            <span className={styles.source}>
              {at !== null && <Moment at={at} isAbsolute />}
              {at !== null && by !== null && " · "}
              {by !== null && `by ${by}`}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}
