// What to do about it, in order: who, what, and what follows.

import type { Standing } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import type { ReactNode } from "react";

import { ArrowIcon } from "../ui/icons.tsx";
import { Section } from "../ui/Section.tsx";
import { StepAction, takesSeat } from "./StepAction.tsx";
import styles from "./user.module.css";

interface NextStepsProps {
  readonly organisationId: OrganisationId;
  readonly standing: Standing;
}

export function NextSteps({ organisationId, standing }: NextStepsProps): ReactNode {
  const { next, reasons } = standing;
  // Two ways may begin with the same seat: the first has the button.
  const firstOfSeat = next.find(({ code }) => takesSeat(code, standing))?.code;
  return (
    <Section title="What next">
      {next.length === 0 ? (
        <p className={styles.calm}>
          {reasons.length === 0
            ? "Nothing needs to be done."
            : "Nothing needs to be, or can be, done about it."}
        </p>
      ) : (
        <ol className={styles.steps}>
          {next.map(({ code, who, sentence, then }) => (
            <li key={code}>
              <p className={styles.actor}>{who}</p>
              <p className={styles.step}>{sentence}</p>
              <p className={styles.then}>
                <ArrowIcon />
                <span>
                  <span className={styles.hidden}>Then: </span>
                  {then}
                </span>
              </p>
              {(code === firstOfSeat || !takesSeat(code, standing)) && (
                <StepAction code={code} organisationId={organisationId} standing={standing} />
              )}
            </li>
          ))}
        </ol>
      )}
    </Section>
  );
}
