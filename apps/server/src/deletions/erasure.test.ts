// What is left of somebody who was deleted: nothing in any column of the database but the username.

import {
  accountBatches,
  accounts,
  clientFor,
  deletions,
  directories,
  inactivity,
  licences,
  organisations,
  sessions,
  standings,
  users,
} from "@lockstep/api";
import type { OrganisationId, UserId } from "@lockstep/core";
import { v7 as uuid } from "uuid";
import { beforeAll, expect, test } from "vitest";
import { z } from "zod";

import { tokenFor } from "../accounts/testing.ts";
import { runBatch } from "../accounts/commands/batch.ts";
import { listRunningBatches } from "../accounts/batches/store.ts";
import { sealEvents, verifyEvents } from "../audit/seals.ts";
import { sql } from "../db/sql.ts";
import { mergeRead } from "../directory/entries/store.ts";
import { linkAllToDirectory, type DirectoryId } from "../directory/store.ts";
import { exampleName } from "../example.ts";
import { exampleDomain, examplePassword } from "../example-people.ts";
import { changeFacts } from "../facts/change.ts";
import { testMaking } from "../facts/testing.ts";
import { exampleNow, useExampleApp } from "../http/testing/app.ts";
import { machinesIn } from "../http/testing/machines.ts";
import { openMailsOf } from "../mails/testing/outbox.ts";
import { columnsWith, givePassword } from "./testing.ts";

const example = useExampleApp();

/** Of Bo Lindqvist, who signs in as bo. */
const values = ["lindqvist", "home.example", "ws-fl-1"];
const email = "Bo.Lindqvist@home.example";
const laptop = "LINDQVIST-LAPTOP";
const day = 86_400_000;

const counted = z.object({ rows: z.int() });

let organisationId: OrganisationId;
let userId: UserId;
let directoryId: DirectoryId;
const objectId = uuid();
const params = () => ({ organisationId, userId });

async function startRun(): Promise<string> {
  const runId = uuid();
  await example.database.transaction(async (transaction) => {
    await transaction.execute(sql`
      insert into directory_runs (organisation_id, id, directory_id, kind, is_dry_run, state, actor_role, started_at)
      values (${organisationId}, ${runId}, ${directoryId}, 'full', false, 'held', 'system', now())`);
    await transaction.execute(sql`
      insert into directory_reads (organisation_id, run_id, object_id, dn, name, username, email, units, is_disabled)
      values (${organisationId}, ${runId}, ${objectId}, 'cn=Bo Lindqvist', 'Bo Lindqvist', 'lindqvist', ${email},
        array['Lindqvist'], false)`);
  });
  return runId;
}

/** Everything in which a person can leave something of their own. */
beforeAll(async () => {
  const [ada, bo, noor] = [
    await example.callAs("ada"),
    await example.callAs("bo"),
    await example.callAs("noor"),
  ];
  const all = (await ada(organisations.listOrganisations)).organisations;
  organisationId = all.find(({ name }) => name === exampleName)?.id ?? organisationId;
  const { user } = await bo(sessions.showSession);
  userId = user.id;
  const { revision } = await ada(users.showUser, { params: params() });
  await ada(users.editUser, { params: params(), body: { email }, match: revision });
  const reason = "Lindqvist lost his telephone";
  await ada(accounts.blockAccount, { params: params(), body: { reason, userReason: "Dear Mr Lindqvist" } });
  await ada(accounts.unblockAccount, { params: params() });
  const body = { userIds: [userId], reason: "Lindqvist and his crew", userReason: "Lindqvist" };
  await ada(accountBatches.blockAccounts, { params: { organisationId }, body });
  await ada(accountBatches.unblockAccounts, { params: { organisationId }, body: { userIds: [userId] } });
  const { keyEncryption } = testMaking();
  const around = { database: example.database, clock: () => example.now, keyEncryption };
  for (const { id } of await example.database.read(listRunningBatches))
    await runBatch(around, organisationId, id);
  await noor(inactivity.exemptUser, { params: params(), body: { reason: "Lindqvist is at sea" } });
  await leaveOnMachines();
  await leaveInDirectory();
  await leaveWaysToSignIn();
  const token = await tokenFor(example, { organisationId, userId });
  const script = clientFor(example.origin, { token });
  await script(sessions.makeToken, { body: { name: "Script of Lindqvist" } });
});

async function leaveOnMachines(): Promise<void> {
  const ada = await example.callAs("ada");
  const own = { call: ada, params: { organisationId } };
  const machines = machinesIn(example, own as Parameters<typeof machinesIn>[1]);
  await machines.activate({ id: userId }, laptop);
  await machines.change((change) => {
    change.record({ kind: "workstation-activated", userId, detail: { workstation: laptop } });
    return change.execute(sql`update updates set outcome_detail = 'The disk of Lindqvist is full'
      where organisation_id = ${organisationId} and user_id = ${userId}`);
  });
  await example.database.transaction((transaction) =>
    transaction.execute(sql`
      insert into answered_calls (organisation_id, user_id, key, fingerprint, reply, at)
      values (${organisationId}, ${userId}, 'k', ${Buffer.alloc(32)},
        ${JSON.stringify({ id: userId, name: "Bo Lindqvist" })}::jsonb, now())`),
  );
}

/** An app that was shown and never confirmed, a sign-in that waits, and the account at the provider. */
async function leaveWaysToSignIn(): Promise<void> {
  const factorId = uuid();
  const hash = Buffer.alloc(32, "lindqvist ");
  for (const statement of [
    sql`insert into second_factors (organisation_id, id, user_id, material, kek_version, made_at)
      values (${organisationId}, ${factorId}, ${userId}, 'sealed for lindqvist', 1, now())`,
    sql`insert into recovery_codes (organisation_id, factor_id, code_hash)
      values (${organisationId}, ${factorId}, ${hash})`,
    sql`insert into pending_sign_ins (organisation_id, id, user_id, way, secret_hash, made_at, expires_at)
      values (${organisationId}, ${uuid()}, ${userId}, 'password', ${hash}, now(), now() + interval '5 minutes')`,
    sql`insert into single_sign_on_links (organisation_id, user_id, issuer, subject, made_at)
      values (${organisationId}, ${userId}, 'https://login.example.org', 'lindqvist', now())`,
    sql`insert into known_browsers (organisation_id, id, user_id, secret_hash, made_at, used_at)
      values (${organisationId}, ${uuid()}, ${userId}, ${hash}, now(), now())`,
  ]) {
    await example.database.transaction((transaction) => transaction.execute(statement));
  }
}

async function leaveInDirectory(): Promise<void> {
  const ada = await example.callAs("ada");
  const made = await ada(directories.createDirectory, {
    params: { organisationId },
    body: {
      ...{ name: "Staff", kind: "openldap", host: "ldap.example.org", security: "ldaps" },
      ...{
        bindName: "cn=reader",
        base: "ou=people",
        password: "a password of 26 characters",
        signsIn: false,
      },
    },
  });
  directoryId = made.id;
  const runId = await startRun();
  const writing = {
    database: example.database,
    clock: () => example.now,
    doer: { role: "test", userId: null },
  };
  await changeFacts(writing, organisationId, async (transaction) => {
    await linkAllToDirectory(transaction, directoryId, [{ userId, objectId, isDisabled: false }]);
    const of = { organisationId, directoryId };
    await mergeRead(transaction, of, { runId, isComplete: true, at: example.now });
    await transaction.execute(sql`
      insert into directory_plan_rows (organisation_id, run_id, row, object_id, action, code, user_id, dn, name, username,
        change)
      values (${organisationId}, ${runId}, 1, ${objectId}, 'update', 'renamed', ${userId}, 'cn=Bo Lindqvist',
        'Bo Lindqvist', 'lindqvist', '{"name": "Bo Lindqvist"}')`);
  });
}

const timeline = async () =>
  (await (await example.callAs("ada"))(standings.showTimeline, { params: params() })).entries;
const seatsTaken = async () => {
  const { licences: pools } = await (
    await example.callAs("ada")
  )(licences.listLicences, { params: { organisationId } });
  return pools.reduce((sum, { seatsTaken: taken }) => sum + taken, 0);
};

test("INV-26: of a deleted person no column of the database holds anything but the username", async () => {
  expect(await columnsWith(example, values)).toEqual(
    expect.arrayContaining([
      "account_batches.reason",
      "answered_calls.reply",
      "blocks.reason",
      "blocks.user_reason",
      "directory_entries.dn",
      "directory_plan_rows.change",
      "directory_reads.email",
      "inactivity_exemptions.reason",
      "known_browsers.secret_hash",
      "pending_sign_ins.secret_hash",
      "recovery_codes.code_hash",
      "second_factors.material",
      "sessions.name",
      "single_sign_on_links.subject",
      "updates.outcome_detail",
      "users.email",
      "users.name",
      "users.sort_name",
      "workstations.name",
    ]),
  );
  expect(await columnsWith(example, [laptop])).toEqual(["workstations.name"]);
  expect((await timeline()).some(({ detail }) => detail["workstation"] === laptop)).toBe(true);
  const seats = await seatsTaken();
  await sealEvents(example.database, () => example.now, organisationId);
  const before = await verifyEvents(example.database, organisationId);

  await givePassword(example, organisationId, userId);
  const bo = clientFor(example.origin, { token: await tokenFor(example, { organisationId, userId }) });
  await bo(deletions.requestDeletion, { body: { password: examplePassword } });
  example.now = new Date(exampleNow.getTime() + 7 * day);
  await example.runDeletions();

  expect(await columnsWith(example, values)).toEqual([]);
  expect(await columnsWith(example, [`bo@${exampleDomain}`])).toEqual(
    expect.arrayContaining(["usernames.username", "users.username"]),
  );
  expect(await seatsTaken()).toBe(seats - 1);
  await sealEvents(example.database, () => example.now, organisationId);
  const verified = await verifyEvents(example.database, organisationId);
  expect(verified).toMatchObject({ unsealed: 0, brokenSeal: null, strangers: 0 });
  expect(verified.sealed).toBeGreaterThan(before.sealed);
});

test("INV-26: the timeline of a deleted person tells what happened, without what was personal in it", async () => {
  const entries = await timeline();
  const kinds = entries.filter(({ of }) => of === "user").map(({ kind }) => kind);
  expect(kinds).toEqual(expect.arrayContaining(["account-deleted", "workstation-activated", "user-added"]));
  for (const { detail, sentence } of entries) {
    expect(`${JSON.stringify(detail)} ${sentence}`).not.toMatch(/lindqvist|ws-fl-1|sealed/i);
  }
});

test("the last mail still knows where to go, sealed, and forgets it when it was sent or has waited too long", async () => {
  const [done] = await openMailsOf(example, userId, "deletion-done");
  expect(done).toMatchObject({ to: email });
  expect(done?.text).toContain("Hello Bo Lindqvist");
  example.now = new Date(exampleNow.getTime() + 11 * day);
  await example.runMails();
  expect(await openMailsOf(example, userId, "deletion-done")).toEqual([]);
  const kept = await example.database.snapshot((snapshot) =>
    snapshot.row(
      counted,
      sql`select count(*) as rows from mails where organisation_id = ${organisationId} and material is not null
        and kind = 'deletion-done'`,
    ),
  );
  expect(kept).toEqual({ rows: 0 });
});

test("what a workstation still reports of somebody who was deleted is told without its name", async () => {
  const own = { call: await example.callAs("ada"), params: { organisationId } };
  const machines = machinesIn(example, own as Parameters<typeof machinesIn>[1]);
  await machines.change((change) => {
    const detail = { workstation: laptop, command: "deactivate" };
    change.record({ kind: "command-processed", userId, detail });
    return Promise.resolve();
  });
  expect((await timeline())[0]?.detail).toEqual({ command: "deactivate" });
});
