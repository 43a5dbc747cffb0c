// One act for every function that writes facts: random histories are made of them.

import type { ActivationId, UpdateId, UserId, WorkstationId } from "@lockstep/core";
import { v7 as uuid } from "uuid";
import { z } from "zod";

import { isDue } from "../../accounts/inactivity/store.ts";
import * as activations from "../../activations/store.ts";
import type { ActivationCodeId } from "../../activations/store.ts";
import type { ContentChange } from "../../db/change.ts";
import type { Reader } from "../../db/database.ts";
import { sql } from "../../db/sql.ts";
import * as erasure from "../../deletions/erasure/store.ts";
import * as directory from "../../directory/store.ts";
import * as keys from "../../keys/store.ts";
import * as licences from "../../licences/store.ts";
import * as reports from "../../sync/reports/store.ts";
import * as teams from "../../teams/store.ts";
import * as updates from "../../updates/store.ts";
import * as users from "../../users/store.ts";
import * as workstations from "../../workstations/store.ts";
import { disableAccounts } from "../disabling.ts";
import { testMaterial, today, type SmallOrganisation } from "../testing.ts";

const activationRow = z.object({
  id: z.custom<ActivationId>(),
  userId: z.custom<SmallOrganisation["users"][number]>(),
  workstationId: z.custom<WorkstationId>(),
});
const updateRow = z.object({
  id: z.custom<UpdateId>(),
  userId: z.custom<SmallOrganisation["users"][number]>(),
});

const pick = <Item>(items: readonly Item[], chance: number): Item | undefined => items[chance % items.length];

async function anActivation(reader: Reader, { id }: SmallOrganisation, chance: number) {
  const rows = await reader.rows(
    activationRow,
    sql`select id, user_id as "userId", workstation_id as "workstationId" from activations
      where organisation_id = ${id} and ended_at is null order by id`,
  );
  return pick(rows, chance);
}

async function anUpdate(reader: Reader, { id }: SmallOrganisation, chance: number) {
  const rows = await reader.rows(
    updateRow,
    sql`select id, user_id as "userId" from updates
      where organisation_id = ${id} and state in ('posted', 'fetched') order by id`,
  );
  return pick(rows, chance);
}

async function aCode(change: ContentChange, userId: SmallOrganisation["users"][number]) {
  const id = uuid() as ActivationCodeId;
  const expiresAt = new Date("2026-03-15T00:00:00Z");
  await activations.insertActivationCode(change, { id, userId, expiresAt });
  return id;
}

interface Chances {
  readonly user: number;
  readonly other: number;
}

type Act = (change: ContentChange, organisation: SmallOrganisation, chances: Chances) => Promise<unknown>;

const userOf = ({ users }: SmallOrganisation, chance: number) => {
  const user = pick(users, chance);
  if (user === undefined) throw new Error("an organisation without people");
  return user;
};
const teamOf = ({ teams }: SmallOrganisation, chance: number) => pick(teams, chance) ?? teams[0];
const groupOf = ({ groups }: SmallOrganisation, chance: number) => pick(groups, chance) ?? groups[0];
const keyOf = ({ keys }: SmallOrganisation, chance: number) => pick(keys, chance) ?? keys[0];

/** On somebody's activation, if there is one. */
const onActivation =
  (
    act: (change: ContentChange, found: z.output<typeof activationRow>, other: number) => Promise<unknown>,
  ): Act =>
  async (change, organisation, { user, other }) => {
    const found = await anActivation(change, organisation, user);
    if (found !== undefined) await act(change, found, other);
  };

/** What is done to many at once, done to one. */
const ofUsers =
  (act: (change: ContentChange, users: readonly UserId[]) => Promise<unknown>): Act =>
  (change, organisation, { user }) =>
    act(change, [userOf(organisation, user)]);

/** What a report says of the Key-File that was posted last to somebody's workstations. */
const ofPosted =
  (tell: (change: ContentChange, held: updates.PostedKeyFile & { epoch: number }) => Promise<unknown>): Act =>
  async (change, organisation, { user }) => {
    const [posted] = await updates.postKeyFiles(change, [userOf(organisation, user)]);
    if (posted !== undefined) await tell(change, { ...posted, epoch: 1 });
  };

/** One act for every function of every store that writes facts of teams or users. */
export const acts: Readonly<Record<string, Act>> = {
  insertTeam: (change, { teams: [root] }) =>
    teams.insertTeam(change, { id: uuid() as typeof root, parentId: root, name: `Team ${uuid()}` }),
  updateTeamPolicy: (change, organisation, { user, other }) =>
    teams.updateTeamPolicy(change, teamOf(organisation, user), { "sync.interval": 30 + (other % 2) }),
  updateTeamParent: (change, { teams: [root, left, right] }, { other }) =>
    teams.updateTeamParent(change, right, other % 2 === 0 ? left : root),
  giveGroupToTeam: (change, organisation, { user, other }) =>
    teams.giveGroupToTeam(change, teamOf(organisation, user), groupOf(organisation, other)),
  takeGroupFromTeam: (change, organisation, { user, other }) =>
    teams.takeGroupFromTeam(change, teamOf(organisation, user), groupOf(organisation, other)),
  deleteTeam: async (change, { id, teams: [root] }) => {
    const doomed = uuid() as typeof root;
    await teams.insertTeam(change, { id: doomed, parentId: root, name: `Doomed ${id}` });
    await teams.deleteTeam(change, { id: doomed, parentId: root });
  },
  lockTeam: (change, { teams: [root] }) => teams.lockTeam(change, root),
  updateTeamName: (change, organisation, { user }) =>
    teams.updateTeamName(change, teamOf(organisation, user), `Team ${uuid()}`),
  insertKey: async (change, organisation) => {
    const key = uuid() as SmallOrganisation["keys"][0];
    await keys.insertKey(change, { id: key, name: uuid() }, await testMaterial(organisation.id, key));
  },
  insertKeyVersion: async (change, organisation, { user }) => {
    const key = keyOf(organisation, user);
    const { versions } = await keys.loadKey(change, organisation.id, key);
    const version = versions.length + 1;
    const material = await testMaterial(organisation.id, key, version);
    await keys.insertKeyVersion(change, { key, version, use: "decrypt-only" }, material);
  },
  updateKeyVersionUse: (change, organisation, { user, other }) =>
    keys.updateKeyVersionUse(change, {
      key: keyOf(organisation, user),
      version: 1 + (other % 2),
      use: other % 3 === 0 ? "retired" : "decrypt-only",
    }),
  updateKeyName: (change, organisation, { user }) =>
    keys.updateKeyName(change, keyOf(organisation, user), uuid()),
  updateGroupName: (change, organisation, { user }) =>
    keys.updateGroupName(change, groupOf(organisation, user), uuid()),
  insertGroup: (change) =>
    keys.insertGroup(change, { id: uuid() as SmallOrganisation["groups"][0], name: uuid() }),
  addKeyToGroup: (change, organisation, { user, other }) =>
    keys.addKeyToGroup(change, groupOf(organisation, user), keyOf(organisation, other)),
  removeKeyFromGroup: (change, organisation, { user, other }) =>
    keys.removeKeyFromGroup(change, groupOf(organisation, user), keyOf(organisation, other)),
  insertUsers: (change, { teams: [root] }) =>
    users.insertUsers(change, [
      { id: uuid() as never, teamId: root, username: uuid(), name: "Late", email: null, account: "none" },
    ]),
  updateUsersTeam: (change, organisation, { user, other }) =>
    users.updateUsersTeam(change, [userOf(organisation, user)], teamOf(organisation, other)),
  updateUserNames: (change, organisation, { user }) =>
    users.updateUserNames(change, userOf(organisation, user), { name: "New", email: null, revision: 1 }),
  renameUsers: (change, organisation, { user }) =>
    users.renameUsers(change, [{ id: userOf(organisation, user), name: "Renamed", email: null }]),
  reviveUsers: (change, organisation, { user }) => users.reviveUsers(change, [userOf(organisation, user)]),
  updateUserRevision: (change, organisation, { user }) =>
    users.updateUserRevision(change, userOf(organisation, user)),
  lockPresentUsers: (change) => users.lockPresentUsers(change, []),
  updateAccountMarks: (change, organisation, { user, other }) =>
    users.updateAccountMarks(change, userOf(organisation, user), {
      account: "active",
      blocked: other % 2 === 0,
      disabled: other % 3 === 0,
    }),
  disableAccounts: async (change, organisation, { user, other }) => {
    const at = new Date(change.at.getTime() + 400 * 86_400_000);
    const userId = userOf(organisation, user);
    await change.execute(sql`insert into inactivity_warnings (organisation_id, user_id, active_at, days, recorded_at)
      select organisation_id, id, active_at, 14, ${change.at} from users
      where organisation_id = ${organisation.id} and id = ${userId} on conflict do nothing`);
    await disableAccounts(change, isDue({ at, inactiveDays: 90, not: [] }), 1 + (other % 3));
  },
  restartClock: (change, organisation, { user }) => users.restartClock(change, userOf(organisation, user)),
  markUserRemoved: (change, organisation, { user, other }) =>
    other % 8 === 0 ? users.markUserRemoved(change, userOf(organisation, user)) : Promise.resolve(),
  giveGroupToUser: (change, organisation, { user, other }) =>
    users.giveGroupToUser(change, userOf(organisation, user), groupOf(organisation, other)),
  takeGroupFromUser: (change, organisation, { user, other }) =>
    users.takeGroupFromUser(change, userOf(organisation, user), groupOf(organisation, other)),
  insertLicence: (change, _, { other }) =>
    licences.insertLicence(change, {
      id: uuid() as SmallOrganisation["licence"],
      productId: "LS-2",
      edition: "Pro",
      term: "perpetual",
      seats: 1 + (other % 5),
      validFrom: today,
      validUntil: null,
    }),
  updateLicence: (change, { licence }, { other }) =>
    licences.updateLicence(change, licence, { seats: 100, validUntil: today, isSuspended: other % 2 === 0 }),
  lockLicences: (change, { licence }) => licences.lockLicences(change, [licence]),
  insertSeats: (change, organisation, { user }) =>
    licences.insertSeats(change, organisation.licence, [userOf(organisation, user)]),
  deleteAllSeats: (change, { licence }, { other }) =>
    other % 4 === 0 ? licences.deleteAllSeats(change, licence) : Promise.resolve(),
  updateSeatsLicence: async (change, { licence }, { user }) => {
    const all = await licences.listLicences(change, change.organisationId);
    const to = pick(all, user)?.id ?? licence;
    await licences.updateSeatsLicence(change, { from: licence, to });
  },
  deleteSeats: (change, organisation, { user }) => licences.deleteSeats(change, [userOf(organisation, user)]),
  linkToDirectory: (change, organisation, { user }) =>
    directory.linkToDirectory(change, userOf(organisation, user), uuid()),
  linkAllToDirectory: (change, organisation, { user, other }) =>
    directory.linkAllToDirectory(change, null, [
      { userId: userOf(organisation, user), objectId: uuid(), isDisabled: other % 2 === 0 },
    ]),
  markDisabledInDirectory: (change, organisation, { user, other }) =>
    directory.markDisabledInDirectory(change, [userOf(organisation, user)], other % 2 === 0),
  unlinkAllFromDirectory: (change) =>
    directory.unlinkAllFromDirectory(change, uuid() as directory.DirectoryId),
  markMissingFromDirectory: (change, organisation, { user }) =>
    directory.markMissingFromDirectory(change, [userOf(organisation, user)]),
  unlinkFromDirectory: (change, organisation, { user }) =>
    directory.unlinkFromDirectory(change, [userOf(organisation, user)]),
  insertActivationCode: (change, organisation, { user }) => aCode(change, userOf(organisation, user)),
  lockActivationCode: async (change, organisation, { user }) => {
    await activations.lockActivationCode(change, await aCode(change, userOf(organisation, user)));
  },
  updateCodeUsed: async (change, organisation, { user }) =>
    activations.updateCodeUsed(change, await aCode(change, userOf(organisation, user)), "d".repeat(43)),
  voidActivationCodes: (change, organisation, { user }) =>
    activations.voidActivationCodes(change, userOf(organisation, user)),
  insertWorkstation: (change) =>
    activations.insertWorkstation(change, { id: uuid() as WorkstationId, name: "Spare" }),
  insertActivation: async (change, organisation, { user }) => {
    const workstationId = uuid() as WorkstationId;
    await activations.insertWorkstation(change, { id: workstationId, name: "New" });
    await activations.insertActivation(change, {
      id: uuid() as ActivationId,
      userId: userOf(organisation, user),
      workstationId,
    });
  },
  recogniseWorkstation: (change, _, { other }) =>
    activations.recogniseWorkstation(change, {
      id: uuid() as WorkstationId,
      name: "Known",
      machineHash: String(other % 2).repeat(64),
    }),
  endFormerActivation: async (change, organisation, { user }) => {
    const found = await anActivation(change, organisation, user);
    if (found !== undefined) await activations.endFormerActivation(change, found);
  },
  endActivation: async (change, organisation, { user }) => {
    const found = await anActivation(change, organisation, user);
    if (found !== undefined) await activations.endActivation(change, found.id, found.userId);
  },
  updateApplied: async (change, organisation, { user }) => {
    const [posted] = await updates.postKeyFiles(change, [userOf(organisation, user)]);
    if (posted === undefined) return;
    await updates.updateUpdateState(change, posted, "processed");
    await activations.updateApplied(change, posted);
  },
  postKeyFiles: (change, organisation, { user }) =>
    updates.postKeyFiles(change, [userOf(organisation, user)]),
  postCommand: async (change, organisation, { user, other }) => {
    const found = await anActivation(change, organisation, user);
    const kind = pick(["deactivate", "lock", "workstation-policy"] as const, other) ?? "lock";
    if (found === undefined) return;
    await updates.postCommand(change, {
      id: uuid() as UpdateId,
      kind,
      activationId: found.id,
      userId: found.userId,
    });
  },
  renewOrders: async (change, organisation, { user }) => {
    const found = await anActivation(change, organisation, user);
    if (found !== undefined) await updates.renewOrders(change, found.id);
  },
  askToCancel: async (change, organisation, { user }) => {
    const found = await anUpdate(change, organisation, user);
    if (found !== undefined) await updates.askToCancel(change, found.id, found.userId);
  },
  renewAllOrders: (change) => updates.renewAllOrders(change),
  signKeyFilesAgain: (change) => updates.signKeyFilesAgain(change),
  signOrdersAgain: (change) => updates.signOrdersAgain(change),
  updateBoxes: onActivation((change, { id }) =>
    reports.updateBoxes(change, id, { nextBox: null, nextOrdersBox: null }),
  ),
  lockDevices: onActivation((change, { id }) => reports.lockDevices(change, [id])),
  insertReports: onActivation((change, { id: activationId }, other) =>
    reports.insertReports(change, [
      { activationId, number: other + 1, hash: "a".repeat(64), verdict: "taken", before: null },
    ]),
  ),
  updateDevices: ofPosted((change, held) =>
    reports.updateDevices(change, [
      {
        activationId: held.activationId,
        userId: held.userId,
        number: held.version + 1,
        os: "Debian",
        client: "test",
        keystore: "file",
        clockSkewSeconds: 0,
        openedAt: null,
        nextBox: null,
        nextOrdersBox: null,
        held: { ...held, isOther: true },
      },
    ]),
  ),
  endKeyFilesHeld: ofPosted((change, held) => reports.endKeyFilesHeld(change, [held])),
  updateKeyFileFailed: ofPosted((change, held) =>
    reports.updateKeyFileFailed(change, held, { code: "disk-full", detail: "" }),
  ),
  updateKeyFileRejected: ofPosted(async (change, { activationId, userId, id }) => {
    const boxHash = "b".repeat(64);
    await change.execute(sql`update updates set box_hashes = array[${boxHash}]
      where organisation_id = ${change.organisationId} and id = ${id}`);
    await reports.updateKeyFileRejected(change, { activationId, userId }, { boxHash, code: "BOX" });
  }),
  endOrder: async (change, organisation, { user, other }) => {
    const command = pick(["lock", "deactivate"] as const, other) ?? "lock";
    const found = await anActivation(change, organisation, user);
    if (found === undefined) return;
    const { id: activationId, userId } = found;
    const id = uuid() as UpdateId;
    await updates.postCommand(change, { id, kind: command, activationId, userId });
    const result = { id, outcome: "processed", code: null, detail: "" } as const;
    await reports.endOrder(change, { activationId, userId }, result);
  },
  updateForked: onActivation((change, { id }) => reports.updateForked(change, id)),
  updateAhead: onActivation((change, { id }) => reports.updateAhead(change, id, { epoch: 1, version: 99 })),
  lockWorkstation: onActivation((change, { workstationId }) =>
    workstations.lockWorkstation(change, workstationId),
  ),
  updateWorkstationLost: onActivation((change, { workstationId }) =>
    workstations.updateWorkstationLost(change, workstationId),
  ),
  updateUpdateState: async (change, organisation, { user, other }) => {
    const found = await anUpdate(change, organisation, user);
    const state =
      pick(["fetched", "processed", "failed", "rejected", "cancelled"] as const, other) ?? "fetched";
    if (found !== undefined) await updates.updateUpdateState(change, found, state);
  },
  supersedeKeyFiles: ofUsers(updates.supersedeKeyFiles),
  voidActivationCodesOf: ofUsers(activations.voidActivationCodesOf),
  lockUndeletedUsers: async (change, organisation, { user }) => {
    await users.lockUndeletedUsers(change, [userOf(organisation, user)]).catch(() => undefined);
  },
  deleteRowsOf: ofUsers(erasure.deleteRowsOf),
  eraseCallsAbout: ofUsers(erasure.eraseCallsAbout),
  eraseGroundsOf: ofUsers(erasure.eraseGroundsOf),
  eraseUsers: ofUsers(erasure.eraseUsers),
  renameWorkstationsOf: ofUsers(erasure.renameWorkstationsOf),
};

/** These write nothing that a posture depends on: an authority, an organisation or a team of workstations. */
export const elsewhere = [
  "insertAuthority",
  "insertOrganisation",
  "lockInstallation",
  "markKeysExported",
  "noteOrganisationChange",
  "setOrganisationDisabled",
  "updateOrganisationName",
  "updateWorkstationTeam",
];
