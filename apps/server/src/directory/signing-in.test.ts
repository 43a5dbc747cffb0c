import { mkdtempSync } from "node:fs";
import { join } from "node:path";

import {
  directories,
  directoryEntries,
  directoryRuns,
  organisations,
  standings,
  type Call,
} from "@lockstep/api";
import type { Id } from "@lockstep/core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";

import { exampleDomain, examplePassword } from "../example-people.ts";
import { useExampleApp, type Sent } from "../http/testing/app.ts";
import { hashPassword } from "../sessions/password.ts";
import { findCandidate } from "../sessions/candidates/store.ts";
import { putPassword } from "../sessions/store.ts";
import { reader, startOpenLdap, type OpenLdap } from "./testing/openldap.ts";

const example = useExampleApp();
const own = examplePassword;
const there = "the password in the directory";
/** In milliseconds. */
const answered = { least: 2990, most: 4500 };

let ldap: OpenLdap;
let call: Call;
let params: Parameters<typeof runIn>[0];
let unit: string;

async function runIn(of: {
  organisationId: Id<"organisation">;
  directoryId: Id<"directory">;
}): Promise<void> {
  await call(directoryRuns.startDirectoryRun, { params: of, body: {} });
  await example.runDirectories();
}

/** Of the example, now with a password of their own, whatever they had. */
async function idOf(name: string): Promise<Id<"user">> {
  const username = `${name}@${exampleDomain}`;
  const found = await example.database.snapshot((snapshot) => findCandidate(snapshot, username));
  if (found === undefined) throw new Error(`the example has no ${name}`);
  const { organisationId, id: userId } = found;
  const hash = await hashPassword(own);
  await example.database.transaction((transaction) =>
    putPassword(transaction, organisationId, { userId, hash, at: example.now }),
  );
  return userId;
}

async function link(name: string, uid: string): Promise<void> {
  const userId = await idOf(name);
  // Some of the example came from another directory, long ago.
  const { organisationId } = params;
  await call(directoryEntries.unlinkUsers, { params: { organisationId }, body: { userIds: [userId] } });
  const query = { search: uid };
  const { entries } = await call(directoryEntries.listDirectoryEntries, { params, query });
  const [entry] = entries.filter(({ isGone }) => !isGone);
  if (entry === undefined) throw new Error(`${uid} was read`);
  await call(directoryEntries.linkEntry, {
    params: { ...params, objectId: entry.objectId },
    body: { userId },
  });
  await example.runDirectories();
}

async function edit(body: { signsIn?: boolean }): Promise<void> {
  const { revision: match } = await call(directories.showDirectory, { params });
  await call(directories.editDirectory, { params, match, body });
}

beforeAll(async () => {
  ldap = await startOpenLdap(mkdtempSync(join(inject("scratch"), "slapd-")));
  unit = await ldap.addUnit("Signing in");
  for (const number of [1, 2, 3, 4, 5])
    await ldap.addPerson(number, { parent: unit, password: `${there} ${number}` });
  call = await example.callAs("ada");
  const [organisation] = (await call(organisations.listOrganisations)).organisations;
  if (organisation === undefined) throw new Error("ada manages one");
  const { id: organisationId } = organisation;
  const { id: directoryId } = await call(directories.createDirectory, {
    params: { organisationId },
    body: {
      name: "Corp",
      kind: "openldap",
      host: "localhost",
      port: ldap.ports.ldaps,
      security: "ldaps",
      certificates: ldap.authority.certificate,
      ...reader,
      base: unit,
      isOn: false,
    },
  });
  params = { organisationId, directoryId };
  await runIn(params);
  for (const [name, uid] of [
    ["ines", "person-1"],
    ["otto", "person-2"],
    ["ada", "person-3"],
    ["kai", "person-4"],
    ["lena", "person-5"],
  ] as const)
    await link(name, uid);
});
afterAll(() => ldap.stop());

const signIn = (name: string, password: string) =>
  example.send("POST", "/session", { body: { username: `${name}@${exampleDomain}`, password } });

const no = { status: 401, body: { code: "sign_in_failed" } };

async function timed(asking: Promise<Sent>): Promise<{ sent: Sent; taken: number }> {
  const begun = performance.now();
  const sent = await asking;
  return { sent, taken: performance.now() - begun };
}

test("whoever is linked signs in with the password there once that is wanted, and with no other one", async () => {
  expect(await signIn("ines", own)).toMatchObject({ status: 200 });
  expect(await signIn("ines", `${there} 1`)).toMatchObject(no);
  await edit({ signsIn: true });
  expect(await signIn("ines", `${there} 1`)).toMatchObject({ status: 200 });
  // This directory lets in, as nobody, whoever gives a name and no password.
  const refused = await Promise.all(
    [own, `${there} 2`, "", "wrong"].map((password) => signIn("ines", password)),
  );
  for (const sent of refused) expect(sent).toMatchObject(no);
  // Of whoever is in no directory nothing has changed.
  await idOf("bo");
  expect(await signIn("bo", own)).toMatchObject({ status: 200 });
});

test("whoever holds a role signs in with the own password, so that no directory makes anybody an administrator", async () => {
  expect(await signIn("ada", own)).toMatchObject({ status: 200 });
  expect(await signIn("ada", `${there} 3`)).toMatchObject(no);
});

test("whoever was moved in the directory signs in, and nobody who has taken the place of somebody else", async () => {
  const elsewhere = await ldap.addUnit("Elsewhere", unit);
  await ldap.admin.modifyDN(`uid=person-1,${unit}`, `uid=person-1,${elsewhere}`);
  expect(await signIn("ines", `${there} 1`)).toMatchObject({ status: 200 });
  // Not read again since: the entry of the same name is another one.
  await ldap.admin.del(`uid=person-4,${unit}`);
  await ldap.addPerson(4, { parent: unit, password: "of a namesake" });
  const answers = await Promise.all([signIn("kai", "of a namesake"), signIn("kai", `${there} 4`)]);
  for (const sent of answers) expect(sent).toMatchObject(no);
});

test("an account that is disabled there signs in no more, and its sessions end with the run that sees it", async () => {
  const { headers } = await signIn("otto", `${there} 2`);
  const cookie = String(headers["set-cookie"]).split(";")[0] ?? "";
  const ask = () => example.send("GET", "/session", { headers: { cookie } });
  expect(await ask()).toMatchObject({ status: 200 });
  await ldap.replace(`uid=person-2,${unit}`, "pwdAccountLockedTime", ["000001010000Z"]);
  expect(await signIn("otto", `${there} 2`)).toMatchObject(no);
  await runIn(params);
  expect(await ask()).toMatchObject({ status: 401 });
  const { reasons, encryption } = await call(standings.showStanding, {
    params: { organisationId: params.organisationId, userId: await idOf("otto") },
  });
  expect(encryption).not.toBe("orphaned");
  expect(reasons.map(({ code }) => code)).toContain("directory-account-disabled");
});

test("an unknown name, a wrong password and a directory that is away get one answer after one time", async () => {
  const answers = await Promise.all(
    ["nobody", "lena", "bo", "ada"].map((name) => timed(signIn(name, "wrong"))),
  );
  await ldap.restart({ issued: await ldap.authority.issue({ days: -1 }) });
  answers.push(await timed(signIn("lena", `${there} 5`)));
  await ldap.kill();
  answers.push(
    ...(await Promise.all([timed(signIn("lena", `${there} 5`)), timed(signIn("nobody", "wrong"))])),
  );
  for (const { sent, taken } of answers) {
    expect({ ...sent.body, instance: "" }).toEqual({ ...answers[0]?.sent.body, instance: "" });
    expect(sent.status).toBe(401);
    expect(taken).toBeGreaterThan(answered.least);
    expect(taken).toBeLessThan(answered.most);
  }
});
