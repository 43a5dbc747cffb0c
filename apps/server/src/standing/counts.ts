// How many users have each status, exactly, and what a change would do to that before it is saved.

import {
  accountStatuses,
  encryptionStatuses,
  type AccountStatus,
  type Day,
  type EncryptionStatus,
} from "@lockstep/core";

import type { Reader } from "../db/database.ts";
import { meaningOf } from "./facts-code.ts";
import { countByCode, type Count, type Proposal, type Scope } from "./store.ts";

export interface Counts {
  /** Everybody whose account is not deleted has one of the seven. */
  readonly encryption: Readonly<Record<EncryptionStatus, number>>;
  readonly account: Readonly<Record<AccountStatus, number>>;
}

function zeros<Status extends string>(statuses: Record<Status, unknown>): Record<Status, number> {
  return Object.fromEntries(Object.keys(statuses).map((status) => [status, 0])) as Record<Status, number>;
}

function sumUp(counted: readonly Count[]): Counts {
  const counts = { encryption: zeros(encryptionStatuses), account: zeros(accountStatuses) };
  for (const { code, users } of counted) {
    const { statuses } = meaningOf(code);
    counts.account[statuses.account] += users;
    if (statuses.account !== "deleted") counts.encryption[statuses.encryption] += users;
  }
  return counts;
}

export async function countStandings(reader: Reader, scope: Scope, today: Day): Promise<Counts> {
  return sumUp(await countByCode(reader, scope, today));
}

export interface Impact {
  readonly before: Counts;
  readonly after: Counts;
  /** How many Key-Files it would take to bring everybody who is then red up to date. */
  readonly keyFiles: number;
}

/** What would become of everybody in scope if a proposal were saved. Nothing is written. */
export async function previewImpact(
  reader: Reader,
  scope: Scope,
  today: Day,
  proposal: Proposal,
): Promise<Impact> {
  const before = await countStandings(reader, scope, today);
  const after = await countByCode(reader, scope, today, proposal);
  const differing = after.filter(({ code }) => {
    const { encryption } = meaningOf(code);
    return encryption.teamContent === "differs" || encryption.ownContent === "differs";
  });
  return {
    before,
    after: sumUp(after),
    keyFiles: differing.reduce((sum, each) => sum + each.workstations, 0),
  };
}
