import { createPublicKey, verify } from "node:crypto";

import type { OrganisationId } from "@lockstep/core";
import { openBox, sealBox, trustRoots, walkRoots } from "@lockstep/keyfile";
import { expect, test } from "vitest";

import { sql } from "../db/sql.ts";
import { useDatabase } from "../db/testing/database.ts";
import { openKeyEncryption } from "../keys/sealing/sealing.ts";
import { renewRoot, rotateIssuer, rotatePulse } from "./commands.ts";
import { signersWith, type Signers, type SignersOf } from "./signers.ts";
import { useRoots } from "./testing.ts";

const database = useDatabase();
const own = useRoots(database);
const bytes = Buffer.from("what is signed");

const ask = (signersOf: SignersOf, id: OrganisationId): Promise<Signers> =>
  database.current.snapshot((snapshot) => signersOf(snapshot, id));
const signersFor = (id: OrganisationId) => ask(signersWith(own.making.keyEncryption), id);

/** Whether the root names the key that the signature is of. */
function isOf({ root, issuer, pulse }: Signers, role: "issuer" | "pulse"): boolean {
  const signer = role === "issuer" ? issuer : pulse;
  const jwk = root.keys[signer.kid];
  if (jwk === undefined || !root.roles[role].kids.includes(signer.kid)) return false;
  return verify(null, bytes, createPublicKey({ key: { ...jwk }, format: "jwk" }), signer.sign(bytes));
}

async function damage(statement: ReturnType<typeof sql>): Promise<void> {
  await database.current.transaction((transaction) => transaction.execute(statement));
}

test("an organisation signs with the keys that its root names, from the moment it is made", async () => {
  const id = await own.organisation();
  const signers = await signersFor(id);
  expect(signers.root).toMatchObject({ org: id, version: 1, epoch: 1, min_client: 1 });
  expect([isOf(signers, "issuer"), isOf(signers, "pulse")]).toEqual([true, true]);
  expect(signers.machineKey).toMatch(/^[\w-]{43}$/);
  expect((await signersFor(await own.organisation())).machineKey).not.toBe(signers.machineKey);
});

test("what a workstation seals to the organisation is opened with its reply key, which is a hybrid one", async () => {
  const signers = await signersFor(await own.organisation());
  expect(signers.replyTo).toMatch(/^age1pq1/);
  const box = await sealBox("a.report.jws", signers.replyTo);
  const opened = await openBox(box, await signers.openReplyIdentities());
  expect(opened).toMatchObject({ jws: "a.report.jws", by: "current" });
});

test("a workstation that has any former root is led to the newest one", async () => {
  const id = await own.organisation();
  const { root: first } = await signersFor(id);
  await rotateIssuer(own.writing, id, { revision: 1 });
  await rotatePulse(own.writing, id, { revision: 2 });
  await renewRoot(own.writing, id, { revision: 3 });
  const { root, rootsSince } = await signersFor(id);
  expect(root.version).toBe(4);
  expect([0, 1, 2, 3, 4].map((version) => rootsSince(version).length)).toEqual([4, 3, 2, 1, 0]);
  expect(trustRoots(rootsSince(0))).toEqual(root);
  expect(walkRoots(first, rootsSince(1))).toEqual(root);
});

test("a server notices that another one has rotated a key", async () => {
  const id = await own.organisation();
  const signersOf = signersWith(own.making.keyEncryption);
  const before = await ask(signersOf, id);
  expect(await ask(signersOf, id)).toBe(before);
  await rotateIssuer({ ...own.writing, keyEncryption: openKeyEncryption(own.keyFile) }, id, { revision: 1 });
  const after = await ask(signersOf, id);
  expect(after.issuer.kid).not.toBe(before.issuer.kid);
  expect(after.pulse.kid).toBe(before.pulse.kid);
  expect(isOf(after, "issuer")).toBe(true);
  expect(after.root.roles.issuer.kids).not.toContain(before.issuer.kid);
});

test("an organisation from before has no signers until it has its root", async () => {
  const id = await own.oldOrganisation();
  await expect(signersFor(id)).rejects.toMatchObject({ code: "root_key_missing" });
});

test.each(["signing_keys", "reply_keys", "machine_keys"])(
  "one altered byte of what is sealed in %s is noticed",
  async (table) => {
    const id = await own.organisation();
    await damage(sql`update ${sql.table(table)} set material =
      overlay(material placing (case substr(material, length(material) - 9, 1) when 'A' then 'B' else 'A' end)
        from length(material) - 9 for 1) where organisation_id = ${id}`);
    await expect(signersFor(id)).rejects.toMatchObject({ name: "SealBroken", reason: "altered" });
  },
);

test("a key that was moved from another organisation does not open", async () => {
  const [from, to] = [await own.organisation(), await own.organisation()];
  await damage(sql`update signing_keys t set material = f.material, public_x = f.public_x, kid = f.kid
    from signing_keys f where f.organisation_id = ${from} and t.organisation_id = ${to} and t.role = f.role`);
  await expect(signersFor(to)).rejects.toMatchObject({ reason: "other-row" });
});

test("a key that was exchanged with another one of the same organisation does not open", async () => {
  const id = await own.organisation();
  await damage(sql`update signing_keys t set material = f.material, public_x = f.public_x
    from signing_keys f where f.organisation_id = ${id} and t.organisation_id = ${id} and t.role <> f.role`);
  await expect(signersFor(id)).rejects.toMatchObject({ reason: "other-row" });
});

test.each([
  ["signing_keys", "public_x"],
  ["reply_keys", "recipient"],
])("a public half that somebody has put in its place in %s is noticed", async (table, column) => {
  const [from, to] = [await own.organisation(), await own.organisation()];
  await damage(sql`update ${sql.table(table)} t set ${sql.ref(column)} = f.${sql.ref(column)}
    from ${sql.table(table)} f where f.organisation_id = ${from} and t.organisation_id = ${to}`);
  await expect(signersFor(to)).rejects.toMatchObject({ reason: "altered" });
});

test("a root of another organisation, and one that nobody signed, are not signed under", async () => {
  const [from, to] = [await own.organisation(), await own.organisation()];
  await damage(sql`update organisation_roots t set signed = f.signed from organisation_roots f
    where f.organisation_id = ${from} and t.organisation_id = ${to}`);
  await expect(signersFor(to)).rejects.toThrow("do not lead to one of this organisation");
  await damage(sql`update organisation_roots set signed = 'nothing' where organisation_id = ${to}`);
  await expect(signersFor(to)).rejects.toThrow("do not lead to one of this organisation");
  await damage(sql`delete from organisation_roots where organisation_id = ${to}`);
});

test("a key that the newest root does not name signs nothing", async () => {
  const id = await own.organisation();
  await rotateIssuer(own.writing, id, { revision: 1 });
  await damage(sql`delete from organisation_roots where organisation_id = ${id} and version = 2`);
  await expect(signersFor(id)).rejects.toThrow("does not name the key of the role issuer");
});
