// One sealed piece of one row: what it is bound to, and how it is opened together with the public half beside it.

import type { Id, OrganisationId } from "@lockstep/core";

import { SealBroken, type Binding, type KeyEncryption, type Sealed } from "./sealing.ts";
import { sealedTables, shapeOf, type SealedTable } from "./tables.ts";

/** A row of a sealed table. */
export interface SealedPlace {
  readonly organisationId: OrganisationId;
  readonly table: SealedTable;
  readonly rowId: Id<string>;
  /** Left out where an id has one row. */
  readonly version?: number;
}

export interface SealedPiece extends SealedPlace, Sealed {
  /** As it stands in the row; null where the table has none. */
  readonly publicHalf: string | null;
}

/** What the secret of a row is sealed for. */
export function bindingAt({ organisationId, table, rowId, version = 1 }: SealedPlace): Binding {
  return { organisationId, table, rowId, purpose: sealedTables[table].purpose, version };
}

/** @throws SealBroken when the piece does not open in its row, or is not the other half of what stands beside it. */
export async function openPiece(keyEncryption: KeyEncryption, piece: SealedPiece): Promise<Uint8Array> {
  const binding = bindingAt(piece);
  const plaintext = await keyEncryption.open(binding, piece);
  const { publicHalf } = shapeOf(piece.table);
  if (publicHalf !== null && publicHalf.of(plaintext) !== piece.publicHalf)
    throw new SealBroken("altered", binding);
  return plaintext;
}
