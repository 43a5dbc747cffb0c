// For every endpoint one call that could be made, on the things of a place. A new endpoint without one does not
// compile.

import {
  endpoints,
  keys,
  licences,
  organisations,
  teams,
  workstations,
  workstationTeams,
  type Call,
} from "@lockstep/api";
import { v7 as uuid } from "uuid";

/** An organisation and one thing of each kind in it. */
export interface Place {
  readonly organisationId: string;
  readonly authorityId: string;
  readonly teamId: string;
  readonly userId: string;
  readonly licenceId: string;
  readonly keyId: string;
  readonly groupId: string;
  readonly workstationTeamId: string;
  readonly workstationId: string;
  readonly directoryId: string;
}

export type EndpointName = keyof typeof endpoints;

interface Specimen {
  readonly params?: Readonly<Record<string, string | number>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

type Make = (place: Place) => Specimen;

const inOrganisation: Make = ({ organisationId }) => ({ params: { organisationId } });
const ofTeam: Make = ({ organisationId, teamId }) => ({ params: { organisationId, teamId } });
const ofUser: Make = ({ organisationId, userId }) => ({ params: { organisationId, userId } });
const ofLicence: Make = ({ organisationId, licenceId }) => ({ params: { organisationId, licenceId } });
const ofKey: Make = ({ organisationId, keyId }) => ({ params: { organisationId, keyId } });
const ofGroup: Make = ({ organisationId, groupId }) => ({ params: { organisationId, groupId } });
const ofWorkstation: Make = ({ organisationId, workstationId }) => ({
  params: { organisationId, workstationId },
});
const ofDirectory: Make = ({ organisationId, directoryId }) => ({ params: { organisationId, directoryId } });
const ofDirectoryRun: Make = ({ organisationId, directoryId }) => ({
  params: { organisationId, directoryId, runId: uuid() },
});
const ofHolder: Make = ({ organisationId, userId }) => ({
  params: { organisationId, role: "helpdesk", holderId: userId },
});
const nothing: Make = () => ({});

const ofTemplate: Make = () => ({ params: { kind: "account-unblocked", language: "en" } });
const words = { subject: "Unblocked", text: "{username}\n\n{link}\n\nAsk {whom}.", button: "Sign in" };

const withBody =
  (make: Make, body: (place: Place) => unknown): Make =>
  (place) => ({ ...make(place), body: body(place) });

const licence = {
  productId: "LS-1",
  edition: "Pro",
  term: "subscription",
  seats: 5,
  validFrom: "2026-01-01",
  validUntil: "2026-12-31",
};

const directory = {
  kind: "openldap",
  host: "ldap.example.org",
  security: "ldaps",
  bindName: "cn=reader,dc=example,dc=org",
  base: "ou=people,dc=example,dc=org",
  password: "a password of 26 characters",
};

export const specimens: Readonly<Record<EndpointName, Make>> = {
  showSetUp: nothing,
  setUp: () => ({
    body: {
      code: "none",
      administrator: { name: "Ada", username: "ada", password: "a password of 26 characters" },
      organisation: { name: "Ours" },
    },
  }),
  signIn: () => ({ body: { username: "nobody", password: "nothing" } }),
  showSession: nothing,
  signOut: nothing,
  changePassword: () => ({ body: { current: "wrong", password: "a password of 26 characters" } }),
  proveSecondFactor: () => ({ body: { code: "000000" } }),
  showSecondFactor: nothing,
  startSecondFactor: () => ({ body: { password: "wrong" } }),
  confirmSecondFactor: () => ({ body: { code: "000000" } }),
  replaceRecoveryCodes: () => ({ body: { password: "wrong", code: "000000" } }),
  endSecondFactor: () => ({ body: { password: "wrong", code: "000000" } }),
  findSingleSignOn: () => ({ params: { shortName: "nobody" } }),
  startSingleSignOn: () => ({ body: { shortName: "nobody" } }),
  finishSingleSignOn: () => ({ body: { parameters: "code=none" } }),
  showSignInWays: ofUser,
  resetSecondFactor: ofUser,
  showSingleSignOn: inOrganisation,
  setSingleSignOn: withBody(inOrganisation, () => ({
    name: "Corp Login",
    shortName: "corp",
    issuer: "https://login.example.org",
    clientId: "lockstep",
    clientSecret: "a secret",
    claim: "preferred_username",
    isOn: false,
  })),
  removeSingleSignOn: inOrganisation,
  testSingleSignOn: withBody(inOrganisation, () => ({ issuer: "http://login.example.org" })),
  unlinkSingleSignOn: ofUser,
  listTokens: nothing,
  listSessions: nothing,
  endSession: () => ({ params: { sessionId: uuid() } }),
  endOtherSessions: nothing,
  makeToken: () => ({ body: { name: "Script" } }),
  endToken: () => ({ params: { tokenId: uuid() } }),
  listAuthorities: nothing,
  createAuthority: () => ({ body: { name: uuid() } }),
  listOrganisations: nothing,
  createOrganisation: ({ authorityId }) => ({ params: { authorityId }, body: { name: uuid() } }),
  startOrganisationImport: ({ authorityId }) => ({
    params: { authorityId },
    body: { fileName: "all.csv", csv: "organisation,name,username\nOurs,A,b", isDryRun: true },
  }),
  showOrganisationImport: ({ authorityId }) => ({ params: { authorityId, importId: uuid() } }),
  listOrganisationImportRows: ({ authorityId }) => ({ params: { authorityId, importId: uuid() } }),
  showOrganisation: inOrganisation,
  renameOrganisation: withBody(inOrganisation, () => ({ name: uuid() })),
  switchOrganisation: withBody(inOrganisation, () => ({ on: true })),
  showOrganisationDeletion: inOrganisation,
  listOrganisationPeople: inOrganisation,
  deleteOrganisation: withBody(inOrganisation, () => ({ name: "Another name", password: "wrong" })),
  showAuthorityDeletion: ({ authorityId }) => ({ params: { authorityId } }),
  listAuthorityPeople: ({ authorityId }) => ({ params: { authorityId } }),
  deleteAuthority: ({ authorityId }) => ({
    params: { authorityId },
    body: { name: "Another name", password: "wrong" },
  }),
  listDeletions: nothing,
  verifyEvents: inOrganisation,
  countInstallation: nothing,
  countOrganisation: inOrganisation,
  listUsers: inOrganisation,
  addUser: withBody(inOrganisation, () => ({ name: "Late Comer", username: uuid() })),
  showUser: ofUser,
  editUser: withBody(ofUser, () => ({ name: "Other Name" })),
  moveUsers: withBody(inOrganisation, ({ userId, teamId }) => ({ userIds: [userId], teamId })),
  exportPeople: withBody(inOrganisation, ({ userId }) => ({ userIds: [userId] })),
  removeUser: ofUser,
  setUserGroups: withBody(ofUser, ({ groupId }) => ({ groupIds: [groupId] })),
  showUserHoldings: ofUser,
  showStanding: ofUser,
  showTimeline: ofUser,
  startImport: withBody(inOrganisation, () => ({ fileName: "people.csv", csv: "name,username\nA,b" })),
  showImport: ({ organisationId }) => ({ params: { organisationId, importId: uuid() } }),
  listImportRows: ({ organisationId }) => ({ params: { organisationId, importId: uuid() } }),
  listDirectories: inOrganisation,
  createDirectory: withBody(inOrganisation, () => ({ ...directory, name: uuid() })),
  showDirectory: ofDirectory,
  editDirectory: withBody(ofDirectory, () => ({ isOn: false })),
  removeDirectory: ofDirectory,
  testDirectory: withBody(inOrganisation, () => ({ directoryId: uuid(), settings: {} })),
  startDirectoryRun: withBody(ofDirectory, () => ({ kind: "full" })),
  listDirectoryRuns: ofDirectory,
  showDirectoryRun: ofDirectoryRun,
  listPlanRows: ofDirectoryRun,
  confirmDirectoryRun: withBody(ofDirectoryRun, () => ({ vanishing: 1 })),
  cancelDirectoryRun: ofDirectoryRun,
  listDirectoryEntries: ofDirectory,
  importEntries: withBody(ofDirectory, () => ({})),
  linkEntry: withBody(
    ({ organisationId }) => ({ params: { organisationId, directoryId: uuid(), objectId: uuid() } }),
    ({ userId }) => ({ userId }),
  ),
  ignoreEntries: withBody(ofDirectory, () => ({ objectIds: [uuid()] })),
  unignoreEntries: withBody(ofDirectory, () => ({ objectIds: [uuid()] })),
  unlinkUsers: withBody(inOrganisation, ({ userId }) => ({ userIds: [userId] })),
  removeOrphans: withBody(inOrganisation, ({ userId }) => ({ userIds: [userId] })),
  listTeams: inOrganisation,
  createTeam: withBody(inOrganisation, ({ teamId }) => ({ name: uuid(), parentId: teamId })),
  showTeam: ofTeam,
  renameTeam: withBody(ofTeam, () => ({ name: uuid() })),
  moveTeam: withBody(ofTeam, ({ teamId }) => ({ parentId: teamId })),
  setTeamGroups: withBody(ofTeam, ({ groupId }) => ({ groupIds: [groupId] })),
  deleteTeam: ofTeam,
  setTeamPolicy: withBody(ofTeam, () => ({ policy: { "sync.interval": 20 } })),
  revertTeam: withBody(ofTeam, () => ({ to: 1 })),
  compareTeams: (place) => ({ ...ofTeam(place), query: { to: place.teamId } }),
  previewImpact: withBody(inOrganisation, ({ teamId }) => ({ kind: "team-policy", teamId, policy: {} })),
  listWorkstationTeams: inOrganisation,
  createWorkstationTeam: withBody(inOrganisation, ({ workstationTeamId }) => ({
    name: uuid(),
    parentId: workstationTeamId,
  })),
  setWorkstationPolicy: ({ organisationId, workstationTeamId }) => ({
    params: { organisationId, workstationTeamId },
    body: { policy: { "silent.after": 3 } },
  }),
  deleteWorkstationTeam: ({ organisationId, workstationTeamId }) => ({
    params: { organisationId, workstationTeamId },
  }),
  listLicences: inOrganisation,
  showLicence: ofLicence,
  addLicence: withBody(inOrganisation, () => licence),
  editLicence: withBody(ofLicence, () => ({ seats: 1000 })),
  assignLicence: withBody(ofLicence, ({ userId }) => ({ userIds: [userId] })),
  returnSeats: withBody(inOrganisation, ({ userId }) => ({ userIds: [userId] })),
  replaceLicence: withBody(ofLicence, () => ({ by: uuid() })),
  suspendLicence: ofLicence,
  resumeLicence: ofLicence,
  listKeys: inOrganisation,
  createKey: withBody(inOrganisation, () => ({ name: uuid() })),
  renameKey: withBody(ofKey, () => ({ name: uuid() })),
  rotateKey: ofKey,
  setKeyVersionUse: ({ organisationId, keyId }) => ({
    params: { organisationId, keyId, version: 1 },
    body: { use: "retired" },
  }),
  exportKeys: withBody(inOrganisation, () => ({ password: "wrong", passphrase: "a long enough passphrase" })),
  listGroups: inOrganisation,
  createGroup: withBody(inOrganisation, () => ({ name: uuid() })),
  renameGroup: withBody(ofGroup, () => ({ name: uuid() })),
  setGroupKeys: withBody(ofGroup, ({ keyId }) => ({ keyIds: [keyId] })),
  showKeyEncryption: nothing,
  rotateKeyEncryptionKey: nothing,
  showRoot: inOrganisation,
  raiseEpoch: withBody(inOrganisation, () => ({ epochSeen: 1, versionSeen: 1 })),
  rotateIssuer: inOrganisation,
  rotatePulse: inOrganisation,
  renewRoot: inOrganisation,
  confirmExport: inOrganisation,
  issueActivationCode: withBody(ofUser, () => ({ days: 7 })),
  voidActivationCode: ofUser,
  listActivationCodes: ofUser,
  showAccount: ofUser,
  blockAccount: withBody(ofUser, () => ({ reason: "Left the company" })),
  unblockAccount: ofUser,
  showAccountRules: inOrganisation,
  blockAccounts: withBody(inOrganisation, ({ userId }) => ({
    userIds: [userId],
    reason: "Left the company",
  })),
  unblockAccounts: withBody(inOrganisation, ({ userId }) => ({ userIds: [userId] })),
  resendInvitations: withBody(inOrganisation, ({ userId }) => ({ userIds: [userId] })),
  showAccountBatch: ({ organisationId }) => ({ params: { organisationId, batchId: uuid() } }),
  cancelAccountBatch: ({ organisationId }) => ({ params: { organisationId, batchId: uuid() } }),
  listAccountBatchRows: ({ organisationId }) => ({ params: { organisationId, batchId: uuid() } }),
  showVerdict: (place) => ({ ...ofUser(place), query: { action: "block-account" } }),
  showForecast: inOrganisation,
  listRoleHolders: inOrganisation,
  grantRole: ofHolder,
  withdrawRole: ofHolder,
  showInactivity: inOrganisation,
  previewInactivity: (place) => ({ ...inOrganisation(place), query: { inactiveDays: "60" } }),
  confirmInactivity: withBody(inOrganisation, () => ({ due: 1 })),
  exemptUser: withBody(ofUser, () => ({ reason: "On call once a year" })),
  endExemption: ofUser,
  setAccountRules: withBody(inOrganisation, () => ({ unblocking: "strict" })),
  listUpdates: inOrganisation,
  cancelUpdate: ({ organisationId }) => ({ params: { organisationId, updateId: uuid() } }),
  postKeyFiles: withBody(inOrganisation, ({ teamId }) => ({ teamId })),
  showPosting: ({ organisationId }) => ({ params: { organisationId, postingId: uuid() } }),
  postCommand: withBody(ofUser, () => ({ kind: "lock" })),
  listWorkstations: inOrganisation,
  showWorkstation: ofWorkstation,
  moveWorkstation: withBody(ofWorkstation, ({ workstationTeamId }) => ({ teamId: workstationTeamId })),
  postWorkstationPolicy: ofWorkstation,
  showExposure: ofWorkstation,
  declareLost: withBody(ofWorkstation, () => ({ rotateKeys: false })),
  showSync: inOrganisation,
  startSync: inOrganisation,
  requestDeletion: () => ({ body: { password: "wrong" } }),
  withdrawDeletion: nothing,
  listDeletionRequests: inOrganisation,
  inviteAccount: ofUser,
  resendInvitation: ofUser,
  withdrawInvitation: ofUser,
  activateAccount: () => ({ body: { secret: "none", password: "a password of 26 characters" } }),
  askForPassword: () => ({ body: { username: "nobody" } }),
  resetPassword: () => ({ body: { secret: "none", password: "a password of 26 characters" } }),
  askToReEnable: () => ({ body: { username: "nobody" } }),
  reEnableAccount: () => ({ body: { secret: "none" } }),
  showLink: () => ({ body: { secret: "none" } }),
  showMailServer: nothing,
  setMailServer: () => ({
    body: { host: "localhost", port: 25, security: "none", sender: "lockstep@example.org" },
  }),
  removeMailServer: nothing,
  listMailTemplates: nothing,
  showMailTemplate: ofTemplate,
  setMailTemplate: withBody(ofTemplate, () => words),
  resetMailTemplate: ofTemplate,
  previewMailTemplate: withBody(ofTemplate, () => words),
  testMailServer: () => ({ body: { to: "somebody@example.org" } }),
  listMails: nothing,
  openMail: ({ organisationId }) => ({ params: { organisationId, mailId: uuid() } }),
  listSettings: nothing,
};

/** The path of a specimen, with its query. */
export function pathOf(name: EndpointName, { params = {}, query = {} }: Specimen): string {
  const { path } = endpoints[name];
  const filled = path.replaceAll(/:(\w+)/g, (_, param: string) => String(params[param]));
  const search = new URLSearchParams(query).toString();
  return search === "" ? filled : `${filled}?${search}`;
}

/** What there is in an organisation, by whoever may look at and work in it. */
export async function placeOf(call: Call, organisationId: string): Promise<Place> {
  const params = { organisationId };
  const { authorityId } = await call(organisations.showOrganisation, { params });
  const { teams: all } = await call(teams.listTeams, { params });
  const { licences: pools } = await call(licences.listLicences, { params });
  const { keys: known } = await call(keys.listKeys, { params });
  const { groups } = await call(keys.listGroups, { params });
  const { workstationTeams: nodes } = await call(workstationTeams.listWorkstationTeams, { params });
  const { workstations: machines } = await call(workstations.listWorkstations, { params });
  const { directories: sources } = await call(endpoints.listDirectories, { params });
  const { users } = await call(endpoints.listUsers, { params, query: { limit: 200 } });
  const first = (these: readonly { readonly id: string }[]) => these[0]?.id ?? uuid();
  return {
    organisationId,
    authorityId: authorityId ?? uuid(),
    teamId: all.find(({ parentId }) => parentId !== null)?.id ?? uuid(),
    // Nobody who could be the caller.
    userId: first(users.filter(({ username }) => !/^(ada|emil|ines)@/.test(username))),
    licenceId: first(pools),
    keyId: first(known),
    groupId: first(groups),
    workstationTeamId: first(nodes),
    workstationId: first(machines),
    directoryId: first(sources),
  };
}
