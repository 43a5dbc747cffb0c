// How a saved directory is reached: its password is opened for as long as it takes to sign in.

import type { OrganisationId } from "@lockstep/core";

import { bindingAt } from "../keys/sealing/pieces.ts";
import type { KeyEncryption, Sealed } from "../keys/sealing/sealing.ts";
import type { Directory } from "./connections/store.ts";
import type { Access } from "./ldap/connection.ts";
import type { Query } from "./ldap/read.ts";
import type { DirectoryId } from "./store.ts";

interface Place {
  readonly organisationId: OrganisationId;
  readonly id: DirectoryId;
}

const bindingOf = ({ organisationId, id }: Place) =>
  bindingAt({ organisationId, table: "directories", rowId: id });

export async function sealPassword(
  keyEncryption: KeyEncryption,
  place: Place,
  password: string,
): Promise<Sealed> {
  return keyEncryption.seal(bindingOf(place), Buffer.from(password));
}

/** @throws SealBroken when it is not what was sealed for this directory. */
export async function openAccess(keyEncryption: KeyEncryption, directory: Directory): Promise<Access> {
  const { host, port, security, certificates, bindName } = directory;
  const password = Buffer.from(await keyEncryption.open(bindingOf(directory), directory)).toString("utf8");
  return { host, port, security, certificates, bindName, password };
}

export function queryOf({ kind, base, filter, mapping, usernameSuffix }: Directory): Query {
  return { kind, base, filter, mapping, usernameSuffix };
}
