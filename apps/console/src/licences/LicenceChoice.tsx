// One licence out of several; those that cannot be chosen say why.

import type { Licence } from "@lockstep/api";
import type { LicenceId } from "@lockstep/core";
import type { ReactNode } from "react";

import { countOf } from "../ui/format.ts";
import { Options } from "../ui/Options.tsx";
import { freeSeats, wordsOfEnd } from "./words.ts";
import styles from "./licences.module.css";

interface LicenceChoiceProps {
  readonly licences: readonly Licence[];
  readonly chosen: LicenceId | undefined;
  readonly whyNot: (licence: Licence) => string | null;
  readonly onChoose: (id: LicenceId) => void;
}

export function LicenceChoice({ licences, chosen, whyNot, onChoose }: LicenceChoiceProps): ReactNode {
  if (licences.length === 0) {
    return (
      <p className={styles.quiet}>There is no licence that could be chosen. Add one in the room Licences.</p>
    );
  }
  const options = licences.map((licence) => ({
    value: licence.id,
    name: (
      <>
        {licence.edition} <span className={styles.quiet}>{licence.productId}</span>
      </>
    ),
    about: `${countOf(freeSeats(licence), "seat")} free · ${wordsOfEnd(licence, new Date())}`,
    whyNot: whyNot(licence),
  }));
  return <Options legend="Licence" onChange={onChoose} options={options} value={chosen} />;
}
