// How the saved mail server is reached: its password is opened for as long as it takes to sign in.

import { bindingAt } from "../keys/sealing/pieces.ts";
import type { KeyEncryption, Sealed } from "../keys/sealing/sealing.ts";
import type { MailServer } from "./servers/store.ts";
import type { MailAccess } from "./smtp.ts";

type Place = Pick<MailServer, "organisationId" | "id">;

const bindingOf = ({ organisationId, id }: Place) =>
  bindingAt({ organisationId, table: "mail_servers", rowId: id });

export async function sealMailPassword(
  keyEncryption: KeyEncryption,
  place: Place,
  password: string,
): Promise<Sealed> {
  return keyEncryption.seal(bindingOf(place), Buffer.from(password));
}

/** @throws SealBroken when the password is not what was sealed for this server. */
export async function openMailAccess(keyEncryption: KeyEncryption, server: MailServer): Promise<MailAccess> {
  const { host, port, security, certificates, sender, userName, material, kekVersion } = server;
  const reached = { host, port, security, certificates, sender };
  if (userName === null || material === null || kekVersion === null) return { ...reached, signIn: null };
  const password = await keyEncryption.open(bindingOf(server), { material, kekVersion });
  return { ...reached, signIn: { userName, password: Buffer.from(password).toString("utf8") } };
}
