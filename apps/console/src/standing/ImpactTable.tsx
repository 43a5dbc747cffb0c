// What a change would do: how many users have each status now, and how many would have it then.

import type { Impact } from "@lockstep/api";
import { encryptionStatuses, type EncryptionStatus } from "@lockstep/core";
import type { ReactNode } from "react";

import { countOf, wordsOfDifference, wordsOfNumber } from "../ui/format.ts";
import styles from "./impact.module.css";
import { StatusIcon } from "./StatusIcon.tsx";

const order = Object.keys(encryptionStatuses) as EncryptionStatus[];

interface ImpactTableProps {
  readonly impact: Impact;
}

export function ImpactTable({ impact }: ImpactTableProps): ReactNode {
  const { before, after, keyFiles } = impact;
  const shown = order
    .map((status) => ({ status, now: before.encryption[status], then: after.encryption[status] }))
    .filter(({ now, then }) => now > 0 || then > 0);
  const isQuiet = shown.every(({ now, then }) => now === then);
  return (
    <div className={styles.impact} data-quiet={isQuiet}>
      <table>
        <caption>
          {isQuiet ? "Nobody's status changes." : "All users of the organisation, now and afterwards"}
        </caption>
        <thead>
          <tr>
            <th scope="col">Status</th>
            <th scope="col">Now</th>
            <th scope="col">After</th>
            <th scope="col">Change</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ status, now, then }) => (
            <tr data-changed={now !== then} data-encryption={status} key={status}>
              <th scope="row">
                <StatusIcon status={status} /> {encryptionStatuses[status].label}
              </th>
              <td>{wordsOfNumber(now)}</td>
              <td>{wordsOfNumber(then)}</td>
              <td>{now === then ? "" : wordsOfDifference(then - now)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={styles.keyFiles}>
        {keyFiles === 0
          ? "No Key-File would have to be posted."
          : `It would take ${countOf(keyFiles, "Key-File")} to bring everybody up to date.`}
      </p>
    </div>
  );
}
