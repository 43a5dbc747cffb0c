import { mkdtempSync } from "node:fs";
import { join } from "node:path";

import { directories, directoryEntries } from "@lockstep/api";
import { afterAll, beforeAll, expect, inject, test } from "vitest";

import { useExampleApp } from "../http/testing/app.ts";
import { withDirectory, type Access } from "./ldap/connection.ts";
import { presets } from "./ldap/presets.ts";
import { readPages, type Ending, type Query } from "./ldap/read.ts";
import { loadServer } from "./ldap/server.ts";
import type { Entry } from "./plan.ts";
import { beginJourney, type Settings } from "./testing/journey.ts";
import { people, reader, startOpenLdap, type OpenLdap } from "./testing/openldap.ts";
import { startScripted, type Answer, type Asked, type Scripted } from "./testing/scripted.ts";
import { freePort } from "./testing/started.ts";
import { uuidOf } from "./testing/world.ts";

const example = useExampleApp();
let ldap: OpenLdap;
beforeAll(async () => {
  ldap = await startOpenLdap(mkdtempSync(join(inject("scratch"), "slapd-")));
  await ldap.addPeople(Array.from({ length: 25 }, (_, at) => at + 1));
});
afterAll(() => ldap.stop());

const query: Query = {
  kind: "openldap",
  base: people,
  filter: presets.openldap.filter,
  mapping: presets.openldap.mapping,
  usernameSuffix: "example.test",
};

const access = (more: Partial<Access> = {}): Access => ({
  host: "localhost",
  port: ldap.ports.ldaps,
  security: "ldaps",
  certificates: ldap.authority.certificate,
  ...reader,
  ...more,
});

async function read(of: Access, { pageSize = 10, ...more }: Partial<Query> & { pageSize?: number } = {}) {
  return withDirectory(of, async (connection) => {
    const asked = { ...query, ...more };
    const server = await loadServer(connection, asked.kind, of.host);
    const pages = readPages({ connection, server, query: asked, since: null, pageSize });
    const entries: Entry[] = [];
    const sizes: number[] = [];
    for (;;) {
      const { done, value } = await pages.next();
      if (done === true) return { entries, sizes, ending: value satisfies Ending, server };
      entries.push(...value.entries);
      sizes.push(value.entries.length);
    }
  });
}

test("people are read page by page, over TLS from the start and by StartTLS", async () => {
  for (const security of ["ldaps", "starttls"] as const) {
    const { entries, sizes, ending } = await read(access({ security, port: ldap.ports[security] }));
    expect(sizes).toEqual([10, 10, 5]);
    expect(ending.incompleteBecause).toBeNull();
    expect(entries[0]).toMatchObject({ name: "Person 1", username: "person-1@example.test", units: [] });
    expect(new Set(entries.map(({ objectId }) => objectId)).size).toBe(25);
  }
});

test.each([
  ["a wrong password", { password: "wrong" }, "password-refused"],
  ["an authority that is not trusted", { certificates: null }, "certificate-untrusted"],
  ["TLS at the port of StartTLS", { port: 1 }, "tls-refused"],
  ["StartTLS at the port of TLS", { security: "starttls", port: 2 }, "interrupted"],
  ["a port where nobody listens", { port: 3 }, "unreachable"],
  ["a name that does not exist", { host: "nowhere.invalid" }, "unreachable"],
] as const)("%s is told as such", async (_, { port, ...wrong }: Partial<Access>, code) => {
  const ports = { 1: ldap.ports.starttls, 2: ldap.ports.ldaps, 3: await freePort() } as Record<
    number,
    number
  >;
  const at = access({ ...wrong, ...(port === undefined ? {} : { port: ports[port] ?? port }) });
  await expect(read(at)).rejects.toMatchObject({ name: "DirectoryFailed", code });
});

test.each([
  ["that has expired", { days: -1 }, "certificate-expired"],
  ["for another name", { name: "elsewhere.example.test" }, "certificate-name-differs"],
] as const)("a certificate %s gets no password, by neither way", async (_, issuing, code) => {
  await ldap.restart({ issued: await ldap.authority.issue(issuing) });
  for (const security of ["ldaps", "starttls"] as const) {
    const failing = read(access({ security, port: ldap.ports[security] }));
    await expect(failing).rejects.toMatchObject({ name: "DirectoryFailed", code });
  }
  await ldap.restart();
});

test("a base and a filter that are wrong are told as such", async () => {
  await expect(read(access(), { base: `ou=Nowhere,${people}` })).rejects.toMatchObject({
    code: "base-missing",
  });
});

// What a script answers to the search for people; the root entry and sign-in it answers by itself.
async function withScript(
  script: (asked: Asked) => Answer,
  use: (of: Access, scripted: Scripted) => Promise<void>,
): Promise<void> {
  const scripted = await startScripted(ldap.authority, (asked) =>
    asked.base === "" ? { entries: [{ dn: "", attributes: { highestCommittedUSN: ["7"] } }] } : script(asked),
  );
  try {
    await use(access({ port: scripted.port }), scripted);
  } finally {
    await scripted.stop();
  }
}

const told = (number: number, more: Readonly<Record<string, readonly string[]>> = {}) => ({
  dn: `uid=person-${number},${people}`,
  attributes: {
    entryUUID: [uuidOf(number)],
    uid: [`person-${number}`],
    cn: [`Person ${number}`],
    modifyTimestamp: [`2026030112000${number}Z`],
    ...more,
  },
});

test("people of 389 Directory Server are known by its own ids, and their locks by its own word", async () => {
  const nsUniqueId = (number: number) => [
    uuidOf(number)
      .replaceAll("-", "")
      .replace(/(.{8})(?=.)/g, "$1-"),
  ];
  const attributes = { uid: ["ada"], cn: ["Ada Holm"], nsUniqueId: nsUniqueId(1), nsAccountLock: ["TRUE"] };
  await withScript(
    () => ({ entries: [{ dn: people, attributes }], cookie: "" }),
    async (of, scripted) => {
      const { filter, mapping } = presets["389-ds"];
      const { entries, ending } = await read(of, { kind: "389-ds", filter, mapping });
      expect(entries).toMatchObject([{ objectId: uuidOf(1), name: "Ada Holm", isDisabled: true }]);
      expect(ending.incompleteBecause).toBeNull();
      // Operational attributes come only to those who ask for them by name.
      expect(scripted.asked.at(-1)?.attributes).toEqual(
        expect.arrayContaining(["nsUniqueId", "nsAccountLock"]),
      );
    },
  );
});

test("a page without entries in between ends nothing: the directory says whether there is more", async () => {
  const pages: Readonly<Record<string, Answer>> = {
    "": { entries: [told(1)], cookie: "a" },
    a: { cookie: "b" },
    b: { entries: [told(2)], cookie: "" },
  };
  await withScript(
    ({ cookie }) => pages[cookie] ?? {},
    async (of) => {
      const { entries, ending } = await read(of);
      expect(entries.map(({ name }) => name)).toEqual(["Person 1", "Person 2"]);
      expect(ending).toEqual({
        incompleteBecause: null,
        mark: { server: "localhost ", value: "20260301120002Z" },
      });
    },
  );
});

test("a connection that breaks between pages or within one is told, and never goes on as nobody", async () => {
  for (const breaking of ["", "a"]) {
    await withScript(
      ({ cookie }) =>
        cookie === breaking ? { entries: [told(2)], breaks: true } : { entries: [told(1)], cookie: "a" },
      async (of) => {
        await expect(read(of)).rejects.toMatchObject({ name: "DirectoryFailed", code: "interrupted" });
      },
    );
  }
});

test.each([
  ["a size limit at a later page", { a: { result: 4 } }, "size-limited", 1],
  [
    "entries without an id",
    { a: { entries: [{ dn: people, attributes: { cn: ["Nobody"] } }], cookie: "" } },
    "ids-unreadable",
    1,
  ],
  [
    "a reference to another directory",
    { a: { references: ["ldap://other.example.test/dc=other"], cookie: "" } },
    "referrals-left",
    1,
  ],
  [
    "references to where there are no people",
    { a: { references: ["ldap://x.test/DC=DomainDnsZones,DC=x,DC=test"], cookie: "" } },
    null,
    1,
  ],
] as const)("%s: not everybody was read", async (_, later: Readonly<Record<string, Answer>>, code, count) => {
  await withScript(
    ({ cookie }) => later[cookie] ?? { entries: [told(1)], cookie: "a" },
    async (of) => {
      const { entries, ending } = await read(of);
      expect([entries.length, ending.incompleteBecause]).toEqual([count, code]);
    },
  );
});

test("an attribute that comes in ranges is read to its end", async () => {
  const mail = (from: number, to: string) => ({ [`mail;range=${from}-${to}`]: [`${from}@example.test`] });
  await withScript(
    ({ attributes }) => {
      if (attributes[0] === "mail;range=2-*") return { entries: [{ dn: people, attributes: mail(2, "3") }] };
      if (attributes[0] === "mail;range=4-*") return { entries: [{ dn: people, attributes: mail(4, "*") }] };
      return { entries: [told(1, mail(0, "1"))], cookie: "" };
    },
    async (of, scripted) => {
      const { entries } = await read(of, { mapping: { ...query.mapping, email: "mail" } });
      expect(entries[0]?.email).toBe("0@example.test");
      expect(scripted.asked.map(({ attributes }) => attributes[0]).slice(-2)).toEqual([
        "mail;range=2-*",
        "mail;range=4-*",
      ]);
    },
  );
});

test("never more than two pages are in memory: the directory is asked no further than one ahead", async () => {
  await withScript(
    ({ cookie }) => ({
      entries: [told(Number(cookie === "" ? 1 : cookie))],
      cookie: String(Number(cookie) + 1),
    }),
    (of, scripted) =>
      withDirectory(of, async (connection) => {
        const server = await loadServer(connection, "openldap", "localhost");
        const pages = readPages({ connection, server, query, since: null });
        for (let page = 1; page <= 5; page++) {
          await pages.next();
          expect(scripted.asked.length - 1).toBeLessThanOrEqual(page + 1);
        }
      }),
  );
});

const settingsOf = (more: Partial<Settings>): Settings => ({
  name: "Scripted",
  kind: "openldap",
  host: "localhost",
  security: "ldaps",
  certificates: ldap.authority.certificate,
  ...reader,
  base: people,
  mode: "team",
  isOn: false,
  port: ldap.ports.ldaps,
  ...more,
});

test("a directory that breaks off in the middle changes nobody, says so once, and is well again at the next run", async () => {
  let isBroken = false;
  await withScript(
    ({ cookie }) => {
      if (cookie === "") return { entries: [told(1), told(2)], cookie: "a" };
      return isBroken ? { breaks: true } : { entries: [told(3)], cookie: "" };
    },
    async ({ port }) => {
      const journey = await beginJourney(example, settingsOf({ port }));
      expect(await journey.sync()).toMatchObject({ state: "done", counts: { create: 3 } });
      isBroken = true;
      for (let round = 0; round < 2; round++) {
        const run = await journey.sync();
        expect(run).toMatchObject({ state: "failed", failure: { code: "interrupted" }, rows: 0 });
      }
      expect(await journey.users()).toHaveLength(3);
      expect(await journey.directory()).toMatchObject({ linked: 3, failure: { code: "interrupted" } });
      isBroken = false;
      expect(await journey.sync()).toMatchObject({ state: "done", rows: 0 });
      expect(await journey.directory()).toMatchObject({ failingSince: null, failure: null });
    },
  );
});

test("a test says what was found and why anybody would be skipped, and writes nothing", async () => {
  const twins = `ou=Twins,${people}`;
  await ldap.addUnit("Twins");
  await ldap.addPerson(101, { parent: twins, uid: "person-1" });
  await ldap.addPerson(102, { parent: twins, uid: "has space" });
  const journey = await beginJourney(example, settingsOf({}));
  const { call, organisation, params } = journey;
  const asked = { directoryId: params.directoryId, settings: {} };
  const tested = await call(directories.testDirectory, { params: organisation.params, body: asked });
  expect(tested).toMatchObject({
    failure: null,
    found: 27,
    hasMore: false,
    counts: { "new-person": 25, "username-repeated": 1, "value-invalid": 1 },
  });
  expect(tested.rows[0]?.remedy).toMatch(/directory/);
  expect((await call(directoryEntries.listDirectoryEntries, { params })).entries).toEqual([]);
  const wrong = { ...asked, settings: { password: "wrong" } };
  expect(await call(directories.testDirectory, { params: organisation.params, body: wrong })).toMatchObject({
    failure: { code: "password-refused" },
    found: 0,
  });
  await ldap.admin.del(`uid=person-1,${twins}`);
  await ldap.admin.del(`uid=has space,${twins}`);
});

test("the saved password goes nowhere else than where it has always gone", async () => {
  const journey = await beginJourney(example, settingsOf({}));
  const { call, organisation, params } = journey;
  const elsewhere = [
    { host: "127.0.0.1" },
    { port: 1636 },
    { security: "starttls" },
    { certificates: null },
    { bindName: "cn=other" },
  ] as const;
  for (const change of elsewhere) {
    const refused = { code: "directory_password_required" };
    const body = { directoryId: params.directoryId, settings: change };
    await expect(
      call(directories.testDirectory, { params: organisation.params, body }),
    ).rejects.toMatchObject(refused);
    const { revision: match } = await journey.directory();
    await expect(call(directories.editDirectory, { params, match, body: change })).rejects.toMatchObject(
      refused,
    );
  }
  const { revision: match } = await journey.directory();
  const edited = await call(directories.editDirectory, { params, match, body: { fullHours: 12 } });
  expect(edited).toMatchObject({ fullHours: 12, revision: match + 1 });
  expect(JSON.stringify(edited)).not.toContain(reader.password);
});

test.each([
  ["a filter without its end", { filter: "(objectClass=person" }],
  ["a filter that is none", { filter: "(&)(x)" }],
  [
    "a certificate that is none",
    { certificates: "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" },
  ],
  ["a base that is none", { base: "People" }],
] as const)("%s is refused before it is kept", async (_, wrong) => {
  await expect(beginJourney(example, settingsOf(wrong))).rejects.toMatchObject({
    code: "directory_settings_invalid",
  });
});
