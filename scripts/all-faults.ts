// Every fault that is planted, from the lists beside it for single parts.

import { accountFaults } from "./account-faults.ts";
import { deletionFaults } from "./deletion-faults.ts";
import { directoryFaults } from "./directory-faults.ts";
import { mailFaults } from "./mail-faults.ts";
import { organisationImportFaults } from "./organisation-import-faults.ts";
import { passwordFaults } from "./password-faults.ts";
import { faults, type Fault } from "./planted-faults.ts";
import { roadFaults } from "./road-faults.ts";
import { roleFaults } from "./role-faults.ts";
import { roomsFaults } from "./rooms-faults.ts";
import { signInFaults } from "./sign-in-faults.ts";

export const allFaults: readonly Fault[] = [
  ...faults,
  ...roadFaults,
  ...directoryFaults,
  ...accountFaults,
  ...roleFaults,
  ...mailFaults,
  ...organisationImportFaults,
  ...passwordFaults,
  ...signInFaults,
  ...deletionFaults,
  ...roomsFaults,
];
