// What a test of a directory's settings found, and why anybody would be skipped.

import { planCodes, type directories } from "@lockstep/api";
import type { ReactNode } from "react";
import type { z } from "zod";

import { Refused } from "../changes/Refused.tsx";
import { countOf, wordsOfNumber } from "../ui/format.ts";
import { Note } from "../ui/Note.tsx";
import { Section } from "../ui/Section.tsx";
import ui from "../ui/ui.module.css";
import { actionWords } from "./words.ts";
import styles from "./settings.module.css";

type Tested = z.output<typeof directories.testDirectory.reply>;

interface TestResultProps {
  readonly test: {
    readonly data: Tested | undefined;
    readonly error: Error | null;
    readonly isPending: boolean;
  };
}

export function TestResult({ test: { data, error, isPending } }: TestResultProps): ReactNode {
  return (
    <Section title="Test">
      <div aria-busy={isPending} aria-live="polite" className={styles.fields}>
        <Refused error={error} />
        {data === undefined ? (
          <p className={ui.quiet}>
            A test connects, reads the first thousand entries and says what would become of them. It changes
            nothing.
          </p>
        ) : (
          <Found tested={data} />
        )}
      </div>
    </Section>
  );
}

function Found({ tested }: { readonly tested: Tested }): ReactNode {
  const { failure, server, found, hasMore, unidentified, counts, rows } = tested;
  const known = Object.keys(planCodes) as (keyof typeof planCodes)[];
  const skipped = rows.filter(({ action }) => action === "skip");
  return (
    <>
      {failure === null ? (
        <Note
          isLine
          title={`${countOf(found, "person", "people")} found${hasMore ? ", and more" : ""}.`}
          tone="good"
        >
          {server}
        </Note>
      ) : (
        <Note isLine title={failure.sentence} tone="bad">
          {failure.remedy}
        </Note>
      )}
      {unidentified > 0 && (
        <p>{countOf(unidentified, "entry has", "entries have")} no id that the account may read.</p>
      )}
      <ul className={styles.codes}>
        {known
          .filter((code) => (counts[code] ?? 0) > 0)
          .map((code) => (
            <li key={code}>
              <strong>{wordsOfNumber(counts[code] ?? 0)}</strong>
              <span>
                {actionWords[planCodes[code].action]}: {planCodes[code].meaning}
              </span>
            </li>
          ))}
      </ul>
      {skipped.length > 0 && (
        <>
          <h3 className={styles.skippedTitle}>Skipped, for instance</h3>
          <ul className={styles.skipped}>
            {skipped.map(({ objectId, name, username, place, meaning, remedy }) => (
              <li key={objectId}>
                <strong>{name === "" ? (username ?? place) : name}</strong>
                <p>{meaning}</p>
                <p className={ui.quiet}>{remedy}</p>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
