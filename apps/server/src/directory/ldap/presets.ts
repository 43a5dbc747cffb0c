// What is usual in each kind of directory: who is a person, which attributes say what, and how to ask for changes.

import { directoryPresets, type directories } from "@lockstep/api";

import { guidBytes, inGroupsOfEight } from "./object-id.ts";

export type DirectoryKind = (typeof directories.directoryKinds)[number];

export interface Mapping {
  readonly name: string;
  readonly username: string;
  readonly email: string;
}

export interface Preset {
  readonly filter: string;
  readonly mapping: Mapping;
  /** The immutable id, whether its bytes are a GUID of Microsoft's, and how it is written to search for it. */
  readonly id: {
    readonly attribute: string;
    readonly isGuid: boolean;
    readonly written: (objectId: string) => string | Buffer;
  };
  /** Taken where the name is missing, in this order. */
  readonly otherNames: readonly string[];
  /** The same for the username. */
  readonly otherUsernames: readonly string[];
  /** Says by itself whether the account is disabled. */
  readonly disabled: { readonly attribute: string; readonly isDisabled: (value: string) => boolean };
  /** What counts up, or is the time, with each change of an entry. */
  readonly mark: "uSNChanged" | "modifyTimestamp";
}

/** ADS_UF_ACCOUNTDISABLE of [MS-ADTS] §2.2.16. */
const accountDisabled = 0x2;

export const presets: Readonly<Record<DirectoryKind, Preset>> = {
  "active-directory": {
    ...directoryPresets["active-directory"],
    id: { attribute: "objectGUID", isGuid: true, written: guidBytes },
    otherNames: ["cn"],
    // Of old accounts the principal name may never have been filled in; this one always is.
    otherUsernames: ["sAMAccountName"],
    disabled: {
      attribute: "userAccountControl",
      isDisabled: (value) => (Number(value) & accountDisabled) !== 0,
    },
    mark: "uSNChanged",
  },
  openldap: {
    ...directoryPresets.openldap,
    id: { attribute: "entryUUID", isGuid: false, written: (objectId) => objectId },
    otherNames: ["cn"],
    otherUsernames: [],
    // draft-behera-ldap-password-policy: a time, and the first second of the year 0 for "for ever".
    disabled: { attribute: "pwdAccountLockedTime", isDisabled: (value) => value === "000001010000Z" },
    mark: "modifyTimestamp",
  },
  "389-ds": {
    ...directoryPresets["389-ds"],
    id: { attribute: "nsUniqueId", isGuid: false, written: inGroupsOfEight },
    otherNames: ["cn"],
    otherUsernames: [],
    disabled: { attribute: "nsAccountLock", isDisabled: (value) => value.toLowerCase() === "true" },
    mark: "modifyTimestamp",
  },
};

/** Every attribute that is asked for. */
export function attributesOf(preset: Preset, mapping: Mapping): string[] {
  const { id, otherNames, otherUsernames, disabled, mark } = preset;
  const { name, username, email } = mapping;
  const people = [name, ...otherNames, username, ...otherUsernames, email];
  return [...new Set([id.attribute, ...people, disabled.attribute, mark])];
}
