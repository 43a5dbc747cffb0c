// The contract on the wire: endpoints as data, the shapes they carry, the refusals, and a client that parses.

import * as accountBatches from "./account-batches.ts";
import * as accounts from "./accounts.ts";
import * as activations from "./activations.ts";
import * as authorities from "./authorities.ts";
import * as deletions from "./deletions.ts";
import * as directoryEntries from "./directory-entries.ts";
import * as directoryRuns from "./directory-runs.ts";
import * as directories from "./directory.ts";
import * as events from "./events.ts";
import * as forecast from "./forecast.ts";
import * as imports from "./imports.ts";
import * as inactivity from "./inactivity.ts";
import * as invitations from "./invitations.ts";
import * as keys from "./keys.ts";
import * as licences from "./licences.ts";
import * as links from "./links.ts";
import * as mailTemplates from "./mail-templates.ts";
import * as mails from "./mails.ts";
import * as organisationImports from "./organisation-imports.ts";
import * as organisations from "./organisations.ts";
import * as passwords from "./passwords.ts";
import * as peopleExports from "./people-exports.ts";
import * as relay from "./relay.ts";
import * as roleHolders from "./roles.ts";
import * as roots from "./roots.ts";
import * as secondFactors from "./second-factors.ts";
import * as sessions from "./sessions.ts";
import * as settings from "./settings.ts";
import * as shapes from "./shapes.ts";
import * as singleSignOn from "./single-sign-on.ts";
import * as standings from "./standing.ts";
import * as sync from "./sync.ts";
import * as teams from "./teams.ts";
import * as updates from "./updates.ts";
import * as users from "./users.ts";
import * as verdicts from "./verdicts.ts";
import * as workstationTeams from "./workstation-teams.ts";
import * as workstations from "./workstations.ts";

export * from "./client.ts";
export * from "./directory-codes.ts";
export * from "./directory-presets.ts";
export * from "./endpoint.ts";
export * from "./refusals.ts";
export * from "./relay-client.ts";
export type { AccountBatch } from "./account-batches.ts";
export type { Account, AccountRules } from "./accounts.ts";
export type { ActivationCode } from "./activations.ts";
export type { Authority } from "./authorities.ts";
export type { Deletion, DeletionPreview, DeletionRequest } from "./deletions.ts";
export type { DirectoryEntry } from "./directory-entries.ts";
export {
  directoryRunStates,
  failureOf,
  type DirectoryPlanRow,
  type DirectoryRun,
} from "./directory-shapes.ts";
export type { Directory } from "./directory.ts";
export { rowVerdicts, type PeopleImport, type RowVerdict } from "./imports.ts";
export type { Expected } from "./forecast.ts";
export type { Verdict } from "./verdicts.ts";
export type { Inactivity } from "./inactivity.ts";
export type { Group, Key } from "./keys.ts";
export type { Licence } from "./licences.ts";
export type { LinkPurpose } from "./links.ts";
export type { MailTemplate } from "./mail-templates.ts";
export type { Mail, MailKind, MailLanguage, MailServer } from "./mails.ts";
export { peopleCsv, peopleCsvFile } from "./people-csv.ts";
export type { ExportedPerson } from "./people-exports.ts";
export type { RoleHolder } from "./roles.ts";
export {
  organisationRowVerdicts,
  type OrganisationImport,
  type OrganisationRowVerdict,
} from "./organisation-imports.ts";
export type { Organisation } from "./organisations.ts";
export type { Root } from "./roots.ts";
export type { SecondFactor } from "./second-factors.ts";
export type { Me, Session, Token, TokenScope } from "./sessions.ts";
export type { ProviderFailure, SingleSignOn } from "./single-sign-on.ts";
export type { Counts, Standing, TimelineEntry, UserRow } from "./standing.ts";
export type { Difference, Impact, Proposal, Team } from "./teams.ts";
export type { RelayState } from "./sync.ts";
export type { Posting, Update } from "./updates.ts";
export type { Holdings, User } from "./users.ts";
export type { Exposure, WorkstationDetail } from "./workstations.ts";
export type { WorkstationTeam } from "./workstation-teams.ts";
export {
  accountBatches,
  accounts,
  activations,
  authorities,
  deletions,
  directories,
  directoryEntries,
  directoryRuns,
  events,
  forecast,
  imports,
  inactivity,
  invitations,
  keys,
  licences,
  links,
  mails,
  mailTemplates,
  organisationImports,
  organisations,
  passwords,
  peopleExports,
  relay,
  roleHolders,
  roots,
  secondFactors,
  sessions,
  settings,
  shapes,
  singleSignOn,
  standings,
  sync,
  teams,
  updates,
  users,
  verdicts,
  workstations,
  workstationTeams,
};

/** All that is served, by name. */
export const endpoints = {
  showSetUp: sessions.showSetUp,
  setUp: sessions.setUp,
  signIn: sessions.signIn,
  showSession: sessions.showSession,
  signOut: sessions.signOut,
  changePassword: sessions.changePassword,
  listSessions: sessions.listSessions,
  endSession: sessions.endSession,
  endOtherSessions: sessions.endOtherSessions,
  proveSecondFactor: secondFactors.proveSecondFactor,
  showSecondFactor: secondFactors.showSecondFactor,
  startSecondFactor: secondFactors.startSecondFactor,
  confirmSecondFactor: secondFactors.confirmSecondFactor,
  replaceRecoveryCodes: secondFactors.replaceRecoveryCodes,
  endSecondFactor: secondFactors.endSecondFactor,
  findSingleSignOn: singleSignOn.findSingleSignOn,
  startSingleSignOn: singleSignOn.startSingleSignOn,
  finishSingleSignOn: singleSignOn.finishSingleSignOn,
  listTokens: sessions.listTokens,
  makeToken: sessions.makeToken,
  endToken: sessions.endToken,
  listAuthorities: authorities.listAuthorities,
  createAuthority: authorities.createAuthority,
  listOrganisations: organisations.listOrganisations,
  createOrganisation: organisations.createOrganisation,
  startOrganisationImport: organisationImports.startOrganisationImport,
  showOrganisationImport: organisationImports.showOrganisationImport,
  listOrganisationImportRows: organisationImports.listOrganisationImportRows,
  showOrganisation: organisations.showOrganisation,
  renameOrganisation: organisations.renameOrganisation,
  switchOrganisation: organisations.switchOrganisation,
  showOrganisationDeletion: deletions.showOrganisationDeletion,
  listOrganisationPeople: deletions.listOrganisationPeople,
  deleteOrganisation: deletions.deleteOrganisation,
  showAuthorityDeletion: deletions.showAuthorityDeletion,
  listAuthorityPeople: deletions.listAuthorityPeople,
  deleteAuthority: deletions.deleteAuthority,
  listDeletions: deletions.listDeletions,
  verifyEvents: events.verifyEvents,
  countInstallation: standings.countInstallation,
  countOrganisation: standings.countOrganisation,
  listUsers: standings.listUsers,
  addUser: users.addUser,
  showUser: users.showUser,
  editUser: users.editUser,
  moveUsers: users.moveUsers,
  exportPeople: peopleExports.exportPeople,
  removeUser: users.removeUser,
  setUserGroups: users.setUserGroups,
  showUserHoldings: users.showUserHoldings,
  showStanding: standings.showStanding,
  showTimeline: standings.showTimeline,
  startImport: imports.startImport,
  showImport: imports.showImport,
  listImportRows: imports.listImportRows,
  listDirectories: directories.listDirectories,
  createDirectory: directories.createDirectory,
  showDirectory: directories.showDirectory,
  editDirectory: directories.editDirectory,
  removeDirectory: directories.removeDirectory,
  testDirectory: directories.testDirectory,
  startDirectoryRun: directoryRuns.startDirectoryRun,
  listDirectoryRuns: directoryRuns.listDirectoryRuns,
  showDirectoryRun: directoryRuns.showDirectoryRun,
  listPlanRows: directoryRuns.listPlanRows,
  confirmDirectoryRun: directoryRuns.confirmDirectoryRun,
  cancelDirectoryRun: directoryRuns.cancelDirectoryRun,
  listDirectoryEntries: directoryEntries.listDirectoryEntries,
  importEntries: directoryEntries.importEntries,
  linkEntry: directoryEntries.linkEntry,
  ignoreEntries: directoryEntries.ignoreEntries,
  unignoreEntries: directoryEntries.unignoreEntries,
  unlinkUsers: directoryEntries.unlinkUsers,
  removeOrphans: directoryEntries.removeOrphans,
  listTeams: teams.listTeams,
  createTeam: teams.createTeam,
  showTeam: teams.showTeam,
  renameTeam: teams.renameTeam,
  moveTeam: teams.moveTeam,
  setTeamGroups: teams.setTeamGroups,
  deleteTeam: teams.deleteTeam,
  setTeamPolicy: teams.setTeamPolicy,
  revertTeam: teams.revertTeam,
  compareTeams: teams.compareTeams,
  previewImpact: teams.previewImpact,
  listWorkstationTeams: workstationTeams.listWorkstationTeams,
  createWorkstationTeam: workstationTeams.createWorkstationTeam,
  setWorkstationPolicy: workstationTeams.setWorkstationPolicy,
  deleteWorkstationTeam: workstationTeams.deleteWorkstationTeam,
  listLicences: licences.listLicences,
  showLicence: licences.showLicence,
  addLicence: licences.addLicence,
  editLicence: licences.editLicence,
  assignLicence: licences.assignLicence,
  returnSeats: licences.returnSeats,
  replaceLicence: licences.replaceLicence,
  suspendLicence: licences.suspendLicence,
  resumeLicence: licences.resumeLicence,
  listKeys: keys.listKeys,
  createKey: keys.createKey,
  renameKey: keys.renameKey,
  rotateKey: keys.rotateKey,
  setKeyVersionUse: keys.setKeyVersionUse,
  exportKeys: keys.exportKeys,
  listGroups: keys.listGroups,
  createGroup: keys.createGroup,
  renameGroup: keys.renameGroup,
  setGroupKeys: keys.setGroupKeys,
  showKeyEncryption: keys.showKeyEncryption,
  rotateKeyEncryptionKey: keys.rotateKeyEncryptionKey,
  listRoleHolders: roleHolders.listRoleHolders,
  grantRole: roleHolders.grantRole,
  withdrawRole: roleHolders.withdrawRole,
  showRoot: roots.showRoot,
  raiseEpoch: roots.raiseEpoch,
  rotateIssuer: roots.rotateIssuer,
  rotatePulse: roots.rotatePulse,
  renewRoot: roots.renewRoot,
  confirmExport: roots.confirmExport,
  listSettings: settings.listSettings,
  issueActivationCode: activations.issueActivationCode,
  voidActivationCode: activations.voidActivationCode,
  listActivationCodes: activations.listActivationCodes,
  showAccount: accounts.showAccount,
  blockAccount: accounts.blockAccount,
  unblockAccount: accounts.unblockAccount,
  requestDeletion: deletions.requestDeletion,
  withdrawDeletion: deletions.withdrawDeletion,
  listDeletionRequests: deletions.listDeletionRequests,
  showSignInWays: secondFactors.showSignInWays,
  resetSecondFactor: secondFactors.resetSecondFactor,
  showSingleSignOn: singleSignOn.showSingleSignOn,
  setSingleSignOn: singleSignOn.setSingleSignOn,
  removeSingleSignOn: singleSignOn.removeSingleSignOn,
  testSingleSignOn: singleSignOn.testSingleSignOn,
  unlinkSingleSignOn: singleSignOn.unlinkSingleSignOn,
  inviteAccount: invitations.inviteAccount,
  resendInvitation: invitations.resendInvitation,
  withdrawInvitation: invitations.withdrawInvitation,
  activateAccount: invitations.activateAccount,
  askToReEnable: invitations.askToReEnable,
  reEnableAccount: invitations.reEnableAccount,
  askForPassword: passwords.askForPassword,
  resetPassword: passwords.resetPassword,
  showLink: links.showLink,
  showMailServer: mails.showMailServer,
  setMailServer: mails.setMailServer,
  removeMailServer: mails.removeMailServer,
  testMailServer: mails.testMailServer,
  listMailTemplates: mailTemplates.listMailTemplates,
  showMailTemplate: mailTemplates.showMailTemplate,
  setMailTemplate: mailTemplates.setMailTemplate,
  resetMailTemplate: mailTemplates.resetMailTemplate,
  previewMailTemplate: mailTemplates.previewMailTemplate,
  listMails: mails.listMails,
  openMail: mails.openMail,
  showAccountRules: accounts.showAccountRules,
  setAccountRules: accounts.setAccountRules,
  blockAccounts: accountBatches.blockAccounts,
  unblockAccounts: accountBatches.unblockAccounts,
  resendInvitations: accountBatches.resendInvitations,
  showAccountBatch: accountBatches.showAccountBatch,
  cancelAccountBatch: accountBatches.cancelAccountBatch,
  listAccountBatchRows: accountBatches.listAccountBatchRows,
  showVerdict: verdicts.showVerdict,
  showForecast: forecast.showForecast,
  showInactivity: inactivity.showInactivity,
  previewInactivity: inactivity.previewInactivity,
  confirmInactivity: inactivity.confirmInactivity,
  exemptUser: inactivity.exemptUser,
  endExemption: inactivity.endExemption,
  listUpdates: updates.listUpdates,
  cancelUpdate: updates.cancelUpdate,
  postKeyFiles: updates.postKeyFiles,
  showPosting: updates.showPosting,
  postCommand: updates.postCommand,
  listWorkstations: workstations.listWorkstations,
  showWorkstation: workstations.showWorkstation,
  moveWorkstation: workstations.moveWorkstation,
  postWorkstationPolicy: workstations.postWorkstationPolicy,
  showExposure: workstations.showExposure,
  declareLost: workstations.declareLost,
  showSync: sync.showSync,
  startSync: sync.startSync,
};
