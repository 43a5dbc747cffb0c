// The secret with which this server shows itself to a provider.

import { bindingAt } from "../keys/sealing/pieces.ts";
import type { KeyEncryption, Sealed } from "../keys/sealing/sealing.ts";
import type { Connection } from "./store.ts";

type Place = Pick<Connection, "organisationId" | "id">;

const bindingOf = ({ organisationId, id }: Place) =>
  bindingAt({ organisationId, table: "single_sign_on", rowId: id });

export async function sealClientSecret(
  keyEncryption: KeyEncryption,
  place: Place,
  secret: string,
): Promise<Sealed> {
  return keyEncryption.seal(bindingOf(place), Buffer.from(secret));
}

/** @throws SealBroken when it is not what was sealed for this provider. */
export async function openClientSecret(
  keyEncryption: KeyEncryption,
  connection: Place & Sealed,
): Promise<string> {
  return Buffer.from(await keyEncryption.open(bindingOf(connection), connection)).toString("utf8");
}
