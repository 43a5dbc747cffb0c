import {
  authorities,
  clientFor,
  deletions,
  keys,
  organisations,
  sessions,
  standings,
  type DeletionPreview,
} from "@lockstep/api";
import type { AuthorityId, OrganisationId } from "@lockstep/core";
import { newIdentity, recipientOf } from "@lockstep/keyfile";
import { armor, Decrypter } from "age-encryption";
import { v7 as uuid } from "uuid";
import { beforeEach, expect, test } from "vitest";
import { z } from "zod";

import { addPerson, appoint, tokenFor } from "../accounts/testing.ts";
import { verifyEvents } from "../audit/seals.ts";
import { sql, type Statement } from "../db/sql.ts";
import { examplePassword } from "../example-people.ts";
import { testMaking } from "../facts/testing.ts";
import { digestOf, exampleNow, useExampleApp } from "../http/testing/app.ts";
import { machinesIn } from "../http/testing/machines.ts";
import { makeOwnOrganisation, type OwnOrganisation } from "../http/testing/organisation.ts";
import { twentyTimes } from "../http/testing/races.ts";
import { openKeyMaterial } from "../keys/material.ts";
import { listEveryKeyMaterial } from "../keys/store.ts";
import { carryOnDeletion } from "./commands/carry-on.ts";
import { addOwner, day } from "./testing.ts";

const example = useExampleApp();
const password = examplePassword;

beforeEach(() => {
  example.now = exampleNow;
});

const number = z.object({ n: z.int() });
const count = async (statement: Statement) =>
  (await example.database.snapshot((snapshot) => snapshot.row(number, statement)))?.n;
/** Of everything but that passwords were tried. */
const digest = async () => Object.assign({}, await digestOf(example.database), { password_attempts: "" });
const parts = () => ({
  database: example.database,
  clock: () => example.now,
  keyEncryption: testMaking().keyEncryption,
});

async function previewOf({ params }: Pick<OwnOrganisation, "params">): Promise<DeletionPreview> {
  return (await example.callAs("noor"))(deletions.showOrganisationDeletion, { params });
}

async function remove(own: Pick<OwnOrganisation, "params">): Promise<DeletionPreview> {
  const preview = await previewOf(own);
  const body = { name: preview.name, password };
  const noor = await example.callAs("noor");
  await noor(deletions.deleteOrganisation, { params: own.params, body, match: preview.revision });
  return preview;
}

/** With people of every kind, one of them active on a workstation. */
async function fullOrganisation(people = 3) {
  const own = await makeOwnOrganisation(example);
  const added = await own.people(people);
  const machines = machinesIn(example, own);
  const [first] = added;
  if (first === undefined) throw new Error("some were added");
  await machines.license([first]);
  await machines.activate(first, `MACHINE ${uuid()}`);
  await own.call(keys.createKey, { params: own.params, body: { name: "Company" } });
  const owner = await addOwner(example, own.params.organisationId);
  return { ...own, first, owner };
}

async function connectProvider(organisationId: OrganisationId): Promise<void> {
  for (const statement of [
    sql`insert into single_sign_on (organisation_id, id, name, issuer, client_id, material, kek_version, claim, is_on,
        revision)
      values (${organisationId}, ${uuid()}, 'Login', 'https://login.example.org', 'lockstep', 'sealed', 1, 'email',
        true, 2)`,
    sql`insert into single_sign_on_names (short_name, organisation_id) values ('gone', ${organisationId})`,
  ]) {
    await example.database.transaction((transaction) => transaction.execute(statement));
  }
}

test("before an organisation is deleted, everybody and everything concerned is shown, counted and page by page", async () => {
  const own = await fullOrganisation();
  const noor = await example.callAs("noor");
  expect(await previewOf(own)).toMatchObject({
    ...{ people: 4, accounts: 1, administrators: 0, workstations: 1, seats: 1, keys: 1 },
    organisations: [{ id: own.params.organisationId, keysExportedAt: null }],
    lastElsewhere: [],
  });
  const page = (after?: string) =>
    noor(deletions.listOrganisationPeople, {
      params: own.params,
      query: { limit: 3, ...(after === undefined ? {} : { after }) },
    });
  const first = await page();
  const second = await page(first.next ?? "");
  expect([first.people.length, second.people.length, second.next]).toEqual([3, 1, null]);
  expect(new Set([...first.people, ...second.people].map(({ id }) => id)).size).toBe(4);
  await expect(page("nonsense")).rejects.toMatchObject({ code: "cursor_invalid" });
});

test("nothing is deleted with a wrong name, a wrong password or of another revision, nor by anybody else", async () => {
  const own = await fullOrganisation();
  const { name, revision } = await previewOf(own);
  const before = await digest();
  const ask = async (who: string, body: object, match = revision) =>
    (await example.callAs(who))(deletions.deleteOrganisation, {
      params: own.params,
      body: { name, password, ...body },
      match,
    });
  await expect(ask("noor", { name: name.toLowerCase() })).rejects.toMatchObject({ code: "name_differs" });
  await expect(ask("noor", { password: "wrong" })).rejects.toMatchObject({ code: "sign_in_failed" });
  await expect(ask("noor", {}, revision + 1)).rejects.toMatchObject({ code: "revision_changed" });
  await expect(ask("sol", {})).rejects.toMatchObject({ code: "permission_denied" });
  await expect(ask("ada", {})).rejects.toMatchObject({ code: "organisation_not_found" });
  const manager = clientFor(example.origin, { token: own.owner.token });
  const { userId } = own.owner;
  const { organisationId } = own.params;
  const body = { name, password };
  const asking = manager(deletions.deleteOrganisation, { params: own.params, body, match: revision });
  await expect(asking).rejects.toMatchObject({ code: "permission_denied" });
  expect(await digest()).toEqual(before);
  await appoint(example, organisationId, { userId, role: "organisation-manager", scopeId: organisationId });
  const again = manager(deletions.deleteOrganisation, { params: own.params, body, match: revision });
  await expect(again).rejects.toMatchObject({ code: "permission_denied" });
});

test("with the mark everything derives at once: nobody is signed in, and the organisation is out of sight", async () => {
  const own = await fullOrganisation();
  await remove(own);
  const { username, token } = own.owner;
  expect((await example.send("GET", "/session", { token })).status).toBe(401);
  const signIn = (name: string) =>
    example.send("POST", sessions.signIn.path, { body: { username: name, password } });
  const [deleted, unknown] = [await signIn(username), await signIn("nobody at all")];
  expect({ ...deleted.body, instance: "" }).toEqual({ ...unknown.body, instance: "" });
  const shown = own.call(standings.countOrganisation, { params: own.params });
  await expect(shown).rejects.toMatchObject({ code: "organisation_not_found" });
  const { organisations: all } = await own.call(organisations.listOrganisations);
  expect(all.some(({ id }) => id === own.params.organisationId)).toBe(false);
});

test("afterwards everybody is erased, workstations are wiped, seats are back and no key opens anything", async () => {
  const own = await fullOrganisation();
  const { organisationId } = own.params;
  await connectProvider(organisationId);
  await remove(own);
  await example.runDeletions();
  const of = sql`organisation_id = ${organisationId}`;
  expect(
    await count(sql`select count(*) as n from users where ${of} and (account <> 'deleted' or email is not null
      or name <> 'Deleted user')`),
  ).toBe(0);
  for (const statement of [
    sql`select count(*) as n from seats where ${of}`,
    sql`select count(*) as n from sessions where ${of}`,
    sql`select count(*) as n from passwords where ${of}`,
    sql`select count(*) as n from person_keys where ${of}`,
    sql`select count(*) as n from single_sign_on where ${of}`,
    sql`select count(*) as n from single_sign_on_names where ${of}`,
    sql`select count(*) as n from activations where ${of} and (ended_at is null or material is not null)`,
    sql`select count(*) as n from key_versions where ${of} and material is not null`,
    sql`select count(*) as n from signing_keys where ${of} and material is not null`,
    sql`select count(*) as n from reply_keys where ${of}`,
    sql`select count(*) as n from machine_keys where ${of}`,
  ]) {
    expect(await count(statement)).toBe(0);
  }
  expect(await count(sql`select count(*) as n from updates where ${of} and kind = 'deactivate'`)).toBe(1);
  expect(await verifyEvents(example.database, organisationId)).toMatchObject({
    brokenSeal: null,
    strangers: 0,
  });
  const { deletions: all } = await (await example.callAs("noor"))(deletions.listDeletions);
  expect(all.find((each) => each.organisationId === organisationId)).toMatchObject({
    ...{ people: 4, erased: 4, wipesDue: 0, endedAt: exampleNow.toISOString() },
  });
  const { deletions: hidden } = await (await example.callAs("ada"))(deletions.listDeletions);
  expect(hidden.some((each) => each.organisationId === organisationId)).toBe(false);
});

test("the keys that sign wipes stay until the relay has every one of them, or for thirty days", async () => {
  const own = await fullOrganisation();
  const { organisationId } = own.params;
  const of = sql`organisation_id = ${organisationId}`;
  await example.database.transaction((transaction) =>
    transaction.execute(sql`
      update activations set code_id = gen_random_uuid(), device = repeat('d', 43), device_x = repeat('x', 43),
        box = 'b', orders_box = 'o', material = 'm', kek_version = 1 where ${of}`),
  );
  await remove(own);
  await example.runDeletions();
  const signing = () =>
    count(sql`select count(*) as n from signing_keys where ${of} and material is not null`);
  const progress = async () => {
    const { deletions: all } = await (await example.callAs("noor"))(deletions.listDeletions);
    return all.find((each) => each.organisationId === organisationId);
  };
  expect(await signing()).toBeGreaterThan(0);
  expect(await progress()).toMatchObject({ erased: 4, wipesDue: 1, endedAt: null });
  example.now = new Date(exampleNow.getTime() + 30 * day);
  await example.runDeletions();
  expect(await signing()).toBe(0);
  expect((await progress())?.endedAt).not.toBeNull();
});

test("killed anywhere the work goes on where it was, and several servers do everything once", async () => {
  const own = await fullOrganisation(230);
  const { organisationId } = own.params;
  await remove(own);
  const stopping = new AbortController();
  stopping.abort();
  expect(await carryOnDeletion(parts(), organisationId, stopping.signal)).toBe(false);
  const left = () =>
    count(
      sql`select count(*) as n from users where organisation_id = ${organisationId} and account <> 'deleted'`,
    );
  expect(await left()).toBe(231);
  // The process dies in the middle of the second batch: the first stays done, of the second nothing is.
  const { database } = example;
  let batches = 0;
  const dying = Object.create(database, {
    transaction: {
      value: (...asked: Parameters<typeof database.transaction>) => {
        const [write, how] = asked;
        return database.transaction(async (transaction) => {
          const result = await write(transaction);
          if (++batches === 3) throw new Error("killed");
          return result;
        }, how);
      },
    },
  }) as typeof database;
  await expect(carryOnDeletion({ ...parts(), database: dying }, organisationId)).rejects.toThrow("killed");
  expect(await left()).toBe(131);
  await Promise.all([carryOnDeletion(parts(), organisationId), carryOnDeletion(parts(), organisationId)]);
  expect(await left()).toBe(0);
  const done = sql`select count(*) as n from events where organisation_id = ${organisationId} and kind = 'account-deleted'`;
  expect(await count(done)).toBe(231);
  expect(await count(sql`select erased as n from deletions where organisation_id = ${organisationId}`)).toBe(
    231,
  );
});

test("an office is not deleted without its authority", async () => {
  const noor = await example.callAs("noor");
  const { organisations: all } = await noor(organisations.listOrganisations);
  const office = all.find((each) => each.office === "authority");
  if (office === undefined) throw new Error("Noor's authority has an office");
  const params = { organisationId: office.id };
  const body = { name: office.name, password };
  const deleting = noor(deletions.deleteOrganisation, { params, body, match: office.revision });
  await expect(deleting).rejects.toMatchObject({ code: "office_goes_with_authority" });
});

async function newAuthority() {
  const mia = await example.callAs("mia");
  const made = await mia(authorities.createAuthority, { body: { name: `Authority ${uuid()}` } });
  const organisationIds: OrganisationId[] = [];
  const { userId: headId } = await addPerson(example, made.officeId);
  const grant = { userId: headId, role: "authority-administrator", scopeId: made.officeId } as const;
  await appoint(example, made.officeId, grant);
  const head = clientFor(example.origin, {
    token: await tokenFor(example, { organisationId: made.officeId, userId: headId }),
  });
  for (let index = 0; index < 2; index++) {
    const body = { name: `Organisation ${uuid()}`, managedByMe: false };
    const { id } = await head(organisations.createOrganisation, { params: { authorityId: made.id }, body });
    await addPerson(example, id);
    organisationIds.push(id);
  }
  return { ...made, head, headId, organisationIds };
}

async function removeAuthority(authorityId: AuthorityId, who = "sol", changes: object = {}) {
  const params = { authorityId };
  const preview = await (await example.callAs("sol"))(deletions.showAuthorityDeletion, { params });
  const body = { name: preview.name, password, ...changes };
  await (
    await example.callAs(who)
  )(deletions.deleteAuthority, { params, body, match: preview.revision });
  return preview;
}

test("an authority is deleted by a system administrator, with its office and every organisation of it", async () => {
  const { id, name, headId, officeId, organisationIds, head } = await newAuthority();
  for (const [who, code] of [
    ["noor", "permission_denied"],
    ["ada", "permission_denied"],
  ] as const)
    await expect(removeAuthority(id, who)).rejects.toMatchObject({ code });
  await expect(removeAuthority(id, "sol", { name: `${name} ` })).rejects.toMatchObject({
    code: "name_differs",
  });
  const preview = await removeAuthority(id);
  expect(preview).toMatchObject({ name, people: 3, accounts: 3, administrators: 1 });
  expect(preview.organisations.map((each) => each.id).sort()).toEqual([officeId, ...organisationIds].sort());
  await expect(head(sessions.showSession)).rejects.toMatchObject({ code: "sign_in_required" });
  await example.runDeletions();
  for (const organisationId of [officeId, ...organisationIds]) {
    const left = sql`select count(*) as n from users where organisation_id = ${organisationId} and account <> 'deleted'`;
    expect(await count(left)).toBe(0);
    expect(await verifyEvents(example.database, organisationId)).toMatchObject({
      brokenSeal: null,
      strangers: 0,
    });
  }
  expect(await count(sql`select count(*) as n from role_grants where user_id = ${headId}`)).toBe(0);
  await expect(removeAuthority(id)).rejects.toMatchObject({ code: "authority_not_found" });
});

test("an organisation that was made meanwhile makes the preview of its authority's deletion void", async () => {
  const { id, name, head } = await newAuthority();
  const sol = await example.callAs("sol");
  const { revision } = await sol(deletions.showAuthorityDeletion, { params: { authorityId: id } });
  const made = { name: `Organisation ${uuid()}`, managedByMe: false };
  await head(organisations.createOrganisation, { params: { authorityId: id }, body: made });
  const body = { name, password };
  const deleting = sol(deletions.deleteAuthority, { params: { authorityId: id }, body, match: revision });
  await expect(deleting).rejects.toMatchObject({ code: "revision_changed" });
});

test("INV-25: what the last administrator of something else lives in is not deleted, also not of two at once", async () => {
  const { id, headId, officeId } = await newAuthority();
  const other = await newAuthority();
  const grants = sql`delete from role_grants where scope_id = ${other.officeId}`;
  await example.database.transaction((transaction) => transaction.execute(grants));
  const role = "authority-administrator";
  await appoint(example, officeId, { userId: headId, role, scopeId: other.officeId });
  const sol = await example.callAs("sol");
  const preview = await sol(deletions.showAuthorityDeletion, { params: { authorityId: id } });
  expect(preview.lastElsewhere).toMatchObject([{ id: headId, role }]);
  await expect(removeAuthority(id)).rejects.toMatchObject({ code: "administers_elsewhere" });
  await twentyTimes(async () => {
    const [one, two] = [await newAuthority(), await newAuthority()];
    for (const each of [one, two]) {
      await appoint(example, each.officeId, { userId: each.headId, role, scopeId: other.officeId });
    }
    await example.database.transaction((transaction) =>
      transaction.execute(sql`delete from role_grants where scope_id = ${other.officeId}
        and not (user_id = ${one.headId} or user_id = ${two.headId})`),
    );
    const outcomes = await Promise.allSettled([removeAuthority(one.id), removeAuthority(two.id)]);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await example.database.transaction((transaction) => transaction.execute(grants));
  });
});

test("a recovery file holds every version of every key, for the passphrase or the recipient alone, and is recorded", async () => {
  const own = await fullOrganisation();
  const { organisationId } = own.params;
  const [{ id: keyId } = { id: uuid() }] = (await own.call(keys.listKeys, { params: own.params })).keys;
  await own.call(keys.rotateKey, { params: { ...own.params, keyId }, match: 1 });
  const identity = newIdentity("classic");
  const ask = (body: object) =>
    own.call(keys.exportKeys, { params: own.params, body: { password, ...body } });
  const open = async (file: string, decrypter: Decrypter) =>
    JSON.parse(await decrypter.decrypt(armor.decode(file), "text")) as {
      versions: { version: number; identity: string }[];
    };
  const [byIdentity, byPassphrase] = [new Decrypter(), new Decrypter()];
  byIdentity.addIdentity(identity);
  byPassphrase.addPassphrase("a passphrase of many words");
  const toRecipient = await ask({ recipient: recipientOf(identity) });
  const toPassphrase = await ask({ passphrase: "a passphrase of many words" });
  expect(toRecipient.file).not.toContain("AGE-SECRET-KEY");
  const stored = await example.database.snapshot((snapshot) =>
    listEveryKeyMaterial(snapshot, organisationId),
  );
  const secrets = await Promise.all(
    stored.map(({ keyId: key, version, ...material }) =>
      openKeyMaterial(testMaking().keyEncryption, { organisationId, keyId: key, version }, material),
    ),
  );
  for (const opened of [
    await open(toRecipient.file, byIdentity),
    await open(toPassphrase.file, byPassphrase),
  ]) {
    expect(opened.versions.map(({ version }) => version)).toEqual([1, 2]);
    expect(opened.versions.map((each) => each.identity)).toEqual(secrets);
  }
  expect((await previewOf(own)).organisations[0]?.keysExportedAt).toBe(exampleNow.toISOString());
  await expect(ask({ recipient: "age1nonsense" })).rejects.toMatchObject({ code: "recipient_invalid" });
  await expect(ask({ recipient: recipientOf(identity), password: "wrong" })).rejects.toMatchObject({
    code: "sign_in_failed",
  });
  const recorded = sql`select count(*) as n from events where organisation_id = ${organisationId} and kind = 'keys-exported'`;
  expect(await count(recorded)).toBe(2);
});
