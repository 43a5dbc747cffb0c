// What is usual in each kind of directory, until somebody says otherwise: who is a person, and which attributes say what.

import type { directoryKinds } from "./directory-shapes.ts";

interface DirectoryPreset {
  readonly filter: string;
  readonly mapping: { readonly name: string; readonly username: string; readonly email: string };
}

export const directoryPresets: Readonly<Record<(typeof directoryKinds)[number], DirectoryPreset>> = {
  "active-directory": {
    // 805306368 is SAM_USER_OBJECT: people and no computers, and an index knows it.
    filter: "(&(sAMAccountType=805306368)(!(isCriticalSystemObject=TRUE)))",
    mapping: { name: "displayName", username: "userPrincipalName", email: "mail" },
  },
  openldap: {
    filter: "(objectClass=inetOrgPerson)",
    mapping: { name: "displayName", username: "uid", email: "mail" },
  },
  "389-ds": {
    filter: "(objectClass=person)",
    mapping: { name: "displayName", username: "uid", email: "mail" },
  },
};
