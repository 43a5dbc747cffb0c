// After a new version of the key-encryption key: what was sealed under a former one is sealed anew, in batches that
// several servers share, and a former version that nothing needs any more is dropped. The keys in it stay the same.

import type { OrganisationId } from "@lockstep/core";

import type { Clock } from "../../clock.ts";
import type { Database, Transaction } from "../../db/database.ts";
import { bindingAt } from "./pieces.ts";
import { SealBroken, type Binding, type KeyEncryption } from "./sealing.ts";
import {
  countLeft,
  listNeededKekVersions,
  takeBatchToRewrap,
  updateSealed,
  type Batch,
  type SealedRow,
} from "./store.ts";
import { sealedTableNames, type SealedTable } from "./tables.ts";

const limit = 100;
const retentionMilliseconds = 24 * 60 * 60 * 1000;

export interface RewrapRound {
  readonly rewrapped: number;
  /** Pieces that are not under the current version yet: held by others, sealed meanwhile, or unreadable. */
  readonly left: number;
  /** What does not open was left as it is. */
  readonly unreadable: readonly Binding[];
}

/** One walk over an organisation's pieces. Interrupted, it has done whole batches, and the next one goes on. */
export async function rewrapRound(
  database: Database,
  keyEncryption: KeyEncryption,
  organisationId: OrganisationId,
): Promise<RewrapRound> {
  const { currentVersion } = keyEncryption;
  let rewrapped = 0;
  const unreadable: Binding[] = [];
  for (const table of sealedTableNames) {
    const walked = await rewrapTable({ database, keyEncryption, organisationId }, table, currentVersion);
    rewrapped += walked.rewrapped;
    unreadable.push(...walked.unreadable);
  }
  const left = await database.snapshot((snapshot) => countLeft(snapshot, organisationId, currentVersion));
  return { rewrapped, left, unreadable };
}

interface Walk {
  readonly database: Database;
  readonly keyEncryption: KeyEncryption;
  readonly organisationId: OrganisationId;
}

async function rewrapTable(
  walk: Walk,
  table: SealedTable,
  currentVersion: number,
): Promise<Omit<RewrapRound, "left">> {
  let after: Batch["after"] = null;
  let rewrapped = 0;
  const unreadable: Binding[] = [];
  for (;;) {
    const batch: Batch = { table, currentVersion, after, limit };
    const { taken, broken } = await walk.database.transaction((transaction) =>
      rewrapBatch(transaction, walk, batch),
    );
    rewrapped += taken.length - broken.length;
    unreadable.push(...broken);
    after = taken.at(-1) ?? null;
    if (taken.length < limit) return { rewrapped, unreadable };
  }
}

async function rewrapBatch(
  transaction: Transaction,
  { keyEncryption, organisationId }: Walk,
  batch: Batch,
): Promise<{ taken: readonly SealedRow[]; broken: readonly Binding[] }> {
  const taken = await takeBatchToRewrap(transaction, organisationId, batch);
  const tried = await Promise.all(taken.map((piece) => sealAnew(keyEncryption, piece)));
  const broken = tried.flatMap((each) => (each instanceof SealBroken ? each.binding : []));
  const pieces = tried.flatMap((each) => (each instanceof SealBroken ? [] : each));
  await updateSealed(transaction, organisationId, { table: batch.table, pieces });
  return { taken, broken };
}

async function sealAnew(keyEncryption: KeyEncryption, piece: SealedRow): Promise<SealedRow | SealBroken> {
  const binding = bindingAt(piece);
  try {
    const plaintext = await keyEncryption.open(binding, piece);
    return { ...piece, ...(await keyEncryption.seal(binding, plaintext)) };
  } catch (cause) {
    if (cause instanceof SealBroken) return cause;
    throw cause;
  }
}

/**
 * Drops former versions that no row of any organisation names, a day after the last change of the file: a server that
 * sealed just before the change may commit just after it, and no row names its version until then.
 */
export async function dropUnusedVersions(
  database: Database,
  keyEncryption: KeyEncryption,
  clock: Clock,
): Promise<number[]> {
  const kept = await database.snapshot(listNeededKekVersions);
  const unchangedSince = new Date(clock().getTime() - retentionMilliseconds);
  return keyEncryption.dropVersions({ kept, unchangedSince });
}
