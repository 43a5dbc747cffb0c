// A directory as an administrator meets it in the console, with a real OpenLDAP: added, tried, read, decided about, held,
// confirmed, and not to be read. Each test goes on where the one before it ended.

import { mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { licences, organisations, standings, type Call } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { reader, startOpenLdap, type OpenLdap } from "../apps/server/src/directory/testing/openldap.ts";
import { signInTo } from "../apps/server/src/testing.ts";
import {
  dialog,
  openSite,
  press,
  section,
  testForEverybody,
  type Places,
  type Site,
  type Walk,
} from "./browser.ts";

let site: Site;
let ldap: OpenLdap;
let folder: string;
let unit: string;
let pilots: string;
let call: Call;
let organisationId: OrganisationId;
/** Addresses of pages. */
let home: string;
let directory: string;

const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "lockstep-directory-rooms-"));
  ldap = await startOpenLdap(join(folder, "slapd"));
  unit = await ldap.addUnit("Northwind");
  pilots = await ldap.addUnit("Pilots", unit);
  await ldap.addPeople(upTo(60), pilots);
  // Of whom one has no username that can be one.
  await ldap.addPerson(61, { parent: unit, uid: "has space", name: "Émil Roche" });
  site = await openSite({ example: true });
  ({ call } = await signInTo(site.origin, "mia"));
  const [organisation] = (await call(organisations.listOrganisations)).organisations.filter(
    ({ office }) => office === "none",
  );
  if (organisation === undefined) throw new Error("the example has an organisation");
  organisationId = organisation.id;
  home = `/organisations/${organisationId}`;
}, 180_000);

afterAll(async () => {
  await site.close();
  await ldap.stop();
  await rm(folder, { recursive: true, force: true });
});

const visit = (address: string, walk: Walk) => site.visit(address, walk, { as: "mia" });
const inDialog = (page: Page, button: string) =>
  dialog(page).getByRole("button", { name: button, exact: true });
const isClosed = (page: Page) => dialog(page).waitFor({ state: "hidden" });
const field = (page: Page, label: string) => page.getByLabel(label, { exact: true });
const people = (page: Page) => section(page, "People in the directory");
const newestRun = (page: Page) => section(page, "Runs").getByRole("listitem").first();

/** The newest run has come so far. */
const isRun = (page: Page, state: string) => newestRun(page).getByText(state, { exact: true }).waitFor();

/** Does what begins a run, on the page or somewhere that leads back to it, and waits until it has come so far. */
async function running(page: Page, begin: () => Promise<void>, state: string): Promise<void> {
  const runs = section(page, "Runs").getByRole("listitem");
  await section(page, "Runs").waitFor();
  const former = await runs.count();
  await begin();
  await expect.poll(() => runs.count(), { timeout: 20_000 }).toBeGreaterThan(former);
  await isRun(page, state);
}

const sync = (page: Page, state: string) => running(page, () => press(page, "Sync now"), state);

async function fillIn(page: Page): Promise<void> {
  await field(page, "Kind").selectOption("openldap");
  await field(page, "Name").fill("Corp");
  await field(page, "Host").fill("localhost");
  await field(page, "Port").fill(String(ldap.ports.ldaps));
  await page.getByRole("textbox", { name: /^Certificates/ }).fill(ldap.authority.certificate);
  await field(page, "Account that reads").fill(reader.bindName);
  await field(page, "Its password").fill(reader.password);
  await field(page, "Base").fill(unit);
  await page.getByRole("radio", { name: "Everybody, to teams as the units are" }).click();
}

test("a directory is tried out before it is added: what is found, and why anybody would be skipped", async () => {
  await visit(`${home}/directories`, async (page) => {
    await page.getByText("There is no directory yet.").waitFor();
    await page.getByRole("link", { name: "Add a directory" }).click();
    await fillIn(page);
    expect(await field(page, "Filter").inputValue()).toBe("(objectClass=inetOrgPerson)");
    const result = section(page, "Test");
    await field(page, "Its password").fill("wrong");
    await press(page, "Test the connection");
    await result
      .getByText("The directory does not accept the account that reads, or its password.")
      .waitFor();
    await field(page, "Its password").fill(reader.password);
    await press(page, "Test the connection");
    await result.getByText("61 people found.").waitFor();
    await result.getByText("Émil Roche").waitFor();
    await press(page, "Add the directory");
    await page.getByRole("heading", { level: 1, name: "Corp" }).waitFor();
    await section(page, "Runs").getByText("It was never read.").waitFor();
    directory = new URL(page.url()).pathname;
  });
});

test("a dry run shows the plan with a sentence for everybody, and changes nothing", async () => {
  await visit(directory, async (page) => {
    await press(page, "Dry run");
    const plan = section(page, "Plan");
    await plan.getByRole("button", { name: "60 added" }).waitFor();
    await plan.getByRole("button", { name: "1 skipped" }).click();
    const row = plan.getByRole("row").filter({ hasText: "Émil Roche" });
    await row.getByText("Correct it in the directory. It heals by itself.").waitFor();
    await expect.poll(() => plan.getByRole("rowheader").count()).toBe(1);
    await page.goto(directory);
    await people(page).getByText("Nobody was seen in it yet.").waitFor();
  });
});

test("a run adds everybody to the teams of their units, and says how long it took", async () => {
  await visit(directory, async (page) => {
    await sync(page, "Done");
    await newestRun(page).getByText("Added 60, skipped 1").waitFor();
    await newestRun(page)
      .getByText(/by Mia Holt, [\d.]+ s$/)
      .waitFor();
    await people(page).getByRole("link", { name: "Person 7", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Person 7" }).waitFor();
    await page.getByText("Pilots").first().waitFor();
  });
});

test("people are ignored and unignored, and one is said to be a user who is here", async () => {
  await ldap.addPerson(62, { parent: unit, name: "Bo Lindqvist", uid: "bo-there" });
  await visit(`${directory}?state=unlinked`, async (page) => {
    await page.getByRole("checkbox", { name: "Choose Émil Roche" }).click();
    await press(page, "Ignore");
    await page.goto(`${directory}?state=ignored`);
    await page.getByRole("checkbox", { name: "Choose Émil Roche" }).click();
    await press(page, "Unignore");
    await people(page).getByText("Nobody found").waitFor();
    // Whoever changes the settings has everything read anew by them.
    const choosing = async () => {
      await page.getByRole("link", { name: "Settings" }).click();
      await page.getByRole("radio", { name: "Whom you choose" }).click();
      await press(page, "Save");
    };
    await running(page, choosing, "Done");
    await page.goto(`${directory}?state=unlinked`);
    await press(page, "Link Bo Lindqvist");
    await dialog(page).getByLabel("People", { exact: true }).fill("bo@");
    await dialog(page).getByRole("checkbox", { name: "Bo Lindqvist" }).click();
    await inDialog(page, "Link").click();
    await isClosed(page);
    await newestRun(page).getByText("Linked 1").waitFor();
    await page.goto(`${directory}?state=linked&search=bo`);
    await people(page).getByRole("link", { name: "Bo Lindqvist" }).waitFor();
  });
});

async function license(...names: readonly string[]): Promise<void> {
  const params = { organisationId };
  const { users } = await call(standings.listUsers, { params, query: { search: "Person", limit: 200 } });
  const userIds = users.filter(({ name }) => names.includes(name)).map(({ id }) => id);
  const [licence] = (await call(licences.listLicences, { params })).licences.filter(
    ({ seats, seatsTaken }) => seats - seatsTaken >= names.length,
  );
  if (licence === undefined) throw new Error("the example has seats");
  await call(licences.assignLicence, { params: { ...params, licenceId: licence.id }, body: { userIds } });
}

test("a plan by which too many would vanish is held, told on the first page, and applied by who confirms it", async () => {
  await license("Person 1", "Person 2", "Person 3");
  await Promise.all(upTo(40).map((number) => ldap.admin.del(`uid=person-${number},${pilots}`)));
  await visit(directory, async (page) => {
    await sync(page, "Held");
    await page.goto("/");
    await page.getByText("A plan of Corp is held: many people would vanish.").waitFor();
    await page.getByRole("link", { name: "Look at it" }).click();
    await page.getByText("The plan is held. More than half of those who came").waitFor();
    await page.getByRole("link", { name: "Look at the plan" }).click();
    await section(page, "Plan").getByRole("button", { name: "3 orphaned" }).waitFor();
    await section(page, "Plan").getByRole("button", { name: "37 removed" }).waitFor();
    await press(page, "It is true: apply it");
    expect(await inDialog(page, "Apply the plan").isEnabled()).toBe(false);
    await dialog(page).getByRole("textbox").fill("40");
    await inDialog(page, "Apply the plan").click();
    await isClosed(page);
    await section(page, "The run")
      .getByText(/by Mia Holt$/)
      .waitFor();
    await page.getByText("Done", { exact: true }).waitFor();
  });
});

test("orphans are unlinked and removed, several at once and one on the own page", async () => {
  await visit(directory, async (page) => {
    const orphans = section(page, "Gone from the directory");
    await orphans.getByRole("checkbox", { name: "Choose Person 1" }).click();
    await press(page, "Unlink from the directory");
    await inDialog(page, "Unlink").click();
    await isClosed(page);
    await orphans.getByRole("checkbox", { name: "Choose Person 1" }).waitFor({ state: "hidden" });
    await page.goto("/?status=orphaned&search=Person");
    await page.getByRole("checkbox", { name: "Choose Person 2" }).click();
    await press(page, "Remove");
    await inDialog(page, "Remove").click();
    await isClosed(page);
    await page.getByRole("rowheader", { name: "Person 2" }).waitFor({ state: "hidden" });
    await page.getByRole("link", { name: "Person 3" }).click();
    await section(page, "What next").getByRole("button", { name: "Unlink from the directory" }).click();
    await inDialog(page, "Unlink").click();
    await page.locator("header").getByText("Licensed, not active").waitFor();
  });
});

const opening = (button: string) => async (page: Page) => {
  await press(page, button);
  await dialog(page).waitFor();
};

const rooms = (): Places => ({
  directories: { address: `${home}/directories` },
  "one directory": { address: directory },
  "a choice of people": {
    address: `${directory}?state=unlinked`,
    reach: (page) => page.getByRole("checkbox", { name: "Choose Émil Roche" }).click(),
  },
  "a run": {
    address: directory,
    reach: async (page) => {
      await section(page, "Runs").getByRole("link", { name: "Everything" }).first().click();
      await section(page, "Plan").getByRole("rowheader").first().waitFor();
    },
  },
  "a quick import": { address: directory, reach: opening("Import everybody") },
  settings: {
    address: `${directory}/settings`,
    reach: async (page) => {
      await press(page, "Test the connection");
      await section(page, "Test")
        .getByText(/found\.$/)
        .waitFor();
    },
  },
  "one to forget": { address: directory, reach: opening("Forget") },
});

testForEverybody("directories", () => ({ site, places: rooms() }));

test("a directory that cannot be read is told with what to do, also on the first page, and nobody is lost", async () => {
  await ldap.kill();
  await visit(directory, async (page) => {
    await sync(page, "Failed");
    await page.getByText("It cannot be read. The directory cannot be reached.").waitFor();
    await page.goto("/");
    await page.getByText("Corp cannot be read: The directory cannot be reached.").waitFor();
  });
});

test("a directory that is forgotten loses nobody", async () => {
  await visit(directory, async (page) => {
    await press(page, "Forget");
    await inDialog(page, "Forget the directory").click();
    await page.getByText("There is no directory yet.").waitFor();
    await page.goto("/?search=Person");
    await page.getByRole("rowheader", { name: "Person 50" }).waitFor();
  });
});
