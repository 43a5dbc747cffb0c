// One licence out of several; those that cannot be chosen say why.

import type { Licence } from "@lockstep/api";
import type { LicenceId } from "@lockstep/core";
import { useId, type ReactNode } from "react";

import { countOf } from "../ui/format.ts";
import { freeSeats, wordsOfEnd } from "./words.ts";
import styles from "./licences.module.css";

interface LicenceChoiceProps {
  readonly licences: readonly Licence[];
  readonly chosen: LicenceId | undefined;
  readonly whyNot: (licence: Licence) => string | null;
  readonly onChoose: (id: LicenceId) => void;
}

export function LicenceChoice({ licences, chosen, whyNot, onChoose }: LicenceChoiceProps): ReactNode {
  const name = useId();
  if (licences.length === 0) {
    return (
      <p className={styles.quiet}>There is no licence that could be chosen. Add one in the room Licences.</p>
    );
  }
  return (
    <fieldset className={styles.choice}>
      <legend>Licence</legend>
      {licences.map((licence) => {
        const why = whyNot(licence);
        return (
          <label data-disabled={why !== null} key={licence.id}>
            <input
              checked={chosen === licence.id}
              disabled={why !== null}
              name={name}
              onChange={() => onChoose(licence.id)}
              type="radio"
            />
            <span>
              <strong>{licence.edition}</strong> <span className={styles.quiet}>{licence.productId}</span>
              <span className={styles.choiceFacts}>
                {why ?? `${countOf(freeSeats(licence), "seat")} free · ${wordsOfEnd(licence, new Date())}`}
              </span>
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}
