// What is usual in each kind of directory: who is a person, which attributes say what, and how to ask for changes.

import type { directories } from "@lockstep/api";

export type DirectoryKind = (typeof directories.directoryKinds)[number];

export interface Mapping {
  readonly name: string;
  readonly username: string;
  readonly email: string;
}

export interface Preset {
  readonly filter: string;
  readonly mapping: Mapping;
  /** The immutable id, and whether its bytes are a GUID of Microsoft's. */
  readonly id: { readonly attribute: string; readonly isGuid: boolean };
  /** Taken where the name is missing, in this order. */
  readonly otherNames: readonly string[];
  /** Says by itself whether the account is disabled. */
  readonly disabled: { readonly attribute: string; readonly isDisabled: (value: string) => boolean };
  /** What counts up, or is the time, with each change of an entry. */
  readonly mark: "uSNChanged" | "modifyTimestamp";
}

/** ADS_UF_ACCOUNTDISABLE of [MS-ADTS] §2.2.16. */
const accountDisabled = 0x2;

export const presets: Readonly<Record<DirectoryKind, Preset>> = {
  "active-directory": {
    // 805306368 is SAM_USER_OBJECT: people and no computers, and an index knows it.
    filter: "(&(sAMAccountType=805306368)(!(isCriticalSystemObject=TRUE)))",
    mapping: { name: "displayName", username: "userPrincipalName", email: "mail" },
    id: { attribute: "objectGUID", isGuid: true },
    otherNames: ["cn"],
    disabled: {
      attribute: "userAccountControl",
      isDisabled: (value) => (Number(value) & accountDisabled) !== 0,
    },
    mark: "uSNChanged",
  },
  openldap: {
    filter: "(objectClass=inetOrgPerson)",
    mapping: { name: "displayName", username: "uid", email: "mail" },
    id: { attribute: "entryUUID", isGuid: false },
    otherNames: ["cn"],
    // draft-behera-ldap-password-policy: a time, and the first second of the year 0 for "for ever".
    disabled: { attribute: "pwdAccountLockedTime", isDisabled: (value) => value === "000001010000Z" },
    mark: "modifyTimestamp",
  },
  "389-ds": {
    filter: "(objectClass=person)",
    mapping: { name: "displayName", username: "uid", email: "mail" },
    id: { attribute: "nsUniqueId", isGuid: false },
    otherNames: ["cn"],
    disabled: { attribute: "nsAccountLock", isDisabled: (value) => value.toLowerCase() === "true" },
    mark: "modifyTimestamp",
  },
};

/** Every attribute that is asked for. */
export function attributesOf({ id, otherNames, disabled, mark }: Preset, mapping: Mapping): string[] {
  const { name, username, email } = mapping;
  return [...new Set([id.attribute, name, ...otherNames, username, email, disabled.attribute, mark])];
}
