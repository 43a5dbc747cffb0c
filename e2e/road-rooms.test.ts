// The road of a Key-File as an administrator walks it in the console, with a relay as a process of its own and a
// workstation that is really there. Each test goes on where the one before it ended.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { organisations, standings, teams, users, workstationTeams } from "@lockstep/api";
import { encryptionStatuses, type EncryptionStatus } from "@lockstep/core";
import { activate, login, profileIn, status, sync, type Profile } from "@lockstep/workstation";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

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
import { startRelayProcess, type RelayProcess } from "./relay.ts";

let relay: RelayProcess;
let site: Site;
let folder: string;
let machine: Profile;
/** Addresses of pages. */
let home: string;
let userPage: string;
let teamPage: string;

const name = "Gus Petrov";
const password = "correct horse battery staple";
const client = "lockstep-client 0.1.0";

beforeAll(async () => {
  relay = await startRelayProcess();
  site = await openSite({ example: true, relay });
  folder = await mkdtemp(join(tmpdir(), "lockstep-road-rooms-"));
  machine = await profileIn(join(folder, "WS-1"), client, {
    machine: { id: "WS-1", name: "WS-1", os: "Linux", client },
    keyring: null,
    runtimeFolder: null,
  });
  const { call } = await signInTo(site.origin, "ada");
  const [organisation] = (await call(organisations.listOrganisations)).organisations;
  if (organisation === undefined) throw new Error("the example has an organisation");
  const params = { organisationId: organisation.id };
  const [user] = (await call(standings.listUsers, { params, query: { search: name } })).users;
  if (user === undefined) throw new Error(`the example has no ${name}`);
  const team = await call(teams.createTeam, { params, body: { name: "Travellers", parentId: user.teamId } });
  await call(users.moveUsers, { params, body: { userIds: [user.id], teamId: team.id } });
  const [root] = (await call(workstationTeams.listWorkstationTeams, { params })).workstationTeams;
  if (root === undefined) throw new Error("every organisation has a root workstation team");
  const kiosks = await call(workstationTeams.createWorkstationTeam, {
    params,
    body: { name: "Kiosks", parentId: root.id },
  });
  await call(workstationTeams.setWorkstationPolicy, {
    params: { ...params, workstationTeamId: kiosks.id },
    body: { policy: { "silent.after": 3 } },
    match: kiosks.revision,
  });
  home = `/organisations/${organisation.id}`;
  userPage = `${home}/users/${user.id}`;
  teamPage = `${home}/teams/${team.id}`;
}, 180_000);

afterAll(async () => {
  await site.close();
  await relay.stop();
  await rm(folder, { recursive: true, force: true });
});

const visit = (address: string, walk: Walk) => site.visit(address, walk, { as: "mia" });
const inDialog = (page: Page, button: string) =>
  dialog(page).getByRole("button", { name: button, exact: true });
const isClosed = (page: Page) => dialog(page).waitFor({ state: "hidden" });

/** The page turns so by itself, without being loaded again. */
async function turns(page: Page, colour: EncryptionStatus): Promise<void> {
  await page.locator("header").getByText(encryptionStatuses[colour].label, { exact: true }).waitFor();
}

const step = (page: Page, button: string) =>
  section(page, "What next").getByRole("button", { name: button, exact: true });

async function setPasswordLength(page: Page, length: string): Promise<void> {
  await page.goto(teamPage);
  await page.getByLabel("password.min-length", { exact: true }).fill(length);
  await press(page, "Save");
  await page.getByText(/^Saved as revision/).waitFor();
}

/** What was posted can be fetched. */
const isAtRelay = (page: Page) =>
  page
    .getByText(/at the relay, not yet fetched/)
    .first()
    .waitFor();

/** Somebody logs in at the workstation, which tells the server. */
async function useMachine(): Promise<void> {
  await sync(machine);
  await login(machine, { password, keep: false });
  await sync(machine);
}

async function postFromUserPage(page: Page): Promise<void> {
  await step(page, "Post a Key-File").click();
  await inDialog(page, "Post").click();
  await dialog(page).getByText("1 Key-File posted to 1 user.").waitFor();
  await inDialog(page, "Done").click();
  await isClosed(page);
}

async function issueCode(page: Page): Promise<string> {
  await inDialog(page, "Issue the code").click();
  const code = await dialog(page).getByLabel("Activation code", { exact: true }).inputValue();
  await dialog(page).getByText("The relay has it: it can be used.").waitFor();
  return code;
}

test("a code is shown once, to read, to copy and to point a camera at, and can be voided", async () => {
  await visit(userPage, async (page) => {
    await turns(page, "unlicensed");
    await step(page, "Issue a code").click();
    await dialog(page).getByText("The user holds no licence: one seat is taken.").waitFor();
    const code = await issueCode(page);
    expect(code).toMatch(/^([0-9A-Z]{5}-){4}[0-9A-Z]{4}.$/);
    expect(await dialog(page).getByLabel("Activation link", { exact: true }).inputValue()).toContain(code);
    await dialog(page).getByRole("img", { name: "The activation link to point a camera at" }).waitFor();
    await inDialog(page, "Done").click();
    await isClosed(page);
    expect(await page.getByText(code).count()).toBe(0);
    await turns(page, "licensed");
    const codes = section(page, "Activation codes");
    await codes.getByText("Can be used").waitFor();
    await press(page, "Void the code");
    await inDialog(page, "Void the code").click();
    await isClosed(page);
    await codes.getByText("None can be used at present.").waitFor();
    await codes.getByText("1 former code").click();
    await codes.getByText("voided").waitFor();
  });
});

test("using a code turns the user’s page from blue to green while one looks at it", async () => {
  await visit(userPage, async (page) => {
    await step(page, "Issue a code").click();
    const code = await issueCode(page);
    await activate(machine, { code, relays: [relay.origin], password, waitSeconds: 20 });
    await dialog(page).getByText("It was used on WS-1.").waitFor();
    await inDialog(page, "Done").click();
    await turns(page, "active");
    const machines = section(page, "Workstations");
    await machines.getByRole("link", { name: "WS-1", exact: true }).waitFor();
    await machines.getByText("Matches").waitFor();
  });
});

test("a changed policy is red, posting it from there is orange, and the workstation’s sync is green", async () => {
  await visit(teamPage, async (page) => {
    await setPasswordLength(page, "14");
    await page.goto(userPage);
    await turns(page, "update-required");
    await postFromUserPage(page);
    await turns(page, "update-pending");
    await section(page, "Workstations")
      .getByText(/^Key-File 2: /)
      .waitFor();
    await isAtRelay(page);
    await useMachine();
    await turns(page, "active");
    await section(page, "Workstations").getByText("Key-File version 2").waitFor();
  });
});

test("a team is posted to from its page, and whoever is not red there leaves nothing to post", async () => {
  await visit(teamPage, async (page) => {
    const post = page.getByRole("button", { name: "Post Key-Files" });
    expect(await post.getAttribute("aria-disabled")).toBe("true");
    await setPasswordLength(page, "15");
    await expect.poll(() => post.getAttribute("aria-disabled")).toBe(null);
    await post.click();
    await inDialog(page, "Post").click();
    await dialog(page).getByText("1 Key-File posted to 1 user.").waitFor();
    await dialog(page).getByRole("link", { name: "Show what is on the way" }).click();
    const row = page.getByRole("row").filter({ hasText: "WS-1" });
    await row.getByText("at the relay, not yet fetched").waitFor();
    await row.getByRole("button", { name: `Cancel: Key-File 3 for ${name} on WS-1` }).click();
    await row.waitFor({ state: "hidden" });
    await page.getByLabel("State", { exact: true }).selectOption("cancelled");
    await row.getByText("Cancelled").waitFor();
    await page.goto(userPage);
    await turns(page, "update-required");
  });
});

test("all that are red are posted to at once, and nobody is red afterwards but whose account is blocked", async () => {
  await visit(`${home}/updates`, async (page) => {
    await press(page, "Post Key-Files");
    await dialog(page)
      .getByText(/^\d+ users are red\.$/)
      .waitFor();
    await inDialog(page, "Post").click();
    await dialog(page)
      .getByText(/^\d+ Key-Files posted to \d+ users\.$/)
      .waitFor();
    await inDialog(page, "Done").click();
    await isClosed(page);
    await page.goto("/?status=update-required");
    await page.getByRole("rowheader", { name: "Vera Simic" }).waitFor();
    expect(await page.getByRole("rowheader").count()).toBe(1);
    await page.goto(userPage);
    await isAtRelay(page);
    await useMachine();
    await turns(page, "active");
  });
});

test("those who are chosen in the list are posted to, and chosen no longer", async () => {
  await visit("/?search=vera", async (page) => {
    await page.getByRole("checkbox", { name: "Choose Vera Simic" }).click();
    await press(page, "Post Key-Files");
    await inDialog(page, "Post").click();
    await dialog(page).getByText("Nobody requires a Key-File.").waitFor();
    await inDialog(page, "Done").click();
    await page.getByText("1 user chosen").waitFor({ state: "hidden" });
  });
});

test("a workstation is locked and unlocked from the console, and says so", async () => {
  await visit(userPage, async (page) => {
    const command = async (kind: RegExp) => {
      await press(page, "Command for WS-1");
      await dialog(page).getByRole("radio", { name: kind }).click();
      await inDialog(page, "Post the command").click();
      await isClosed(page);
      await turns(page, "update-pending");
      await isAtRelay(page);
      await sync(machine);
      await turns(page, "active");
    };
    await command(/^Lock/);
    expect(await status(machine)).toMatchObject({ obstacle: "locked" });
    await section(page, "Workstations").getByText("Locked", { exact: true }).waitFor();
    await command(/^Unlock/);
    expect(await status(machine)).toMatchObject({ obstacle: null });
    await section(page, "Workstations").getByText("Locked", { exact: true }).waitFor({ state: "hidden" });
  });
});

test("a workstation is found by its name, moved, and brought the policy of its new team", async () => {
  await visit(`${home}/workstations`, async (page) => {
    await page.getByRole("textbox", { name: /^Search/ }).fill("ws-1");
    await expect.poll(() => page.getByRole("rowheader").count()).toBe(1);
    await page.getByRole("link", { name: "WS-1", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "WS-1" }).waitFor();
    await press(page, "Move");
    await dialog(page).getByLabel("To the workstation team").selectOption({ label: "\u2003Kiosks" });
    await inDialog(page, "Move").click();
    await isClosed(page);
    const why = section(page, "Why");
    await why.getByText("It does not hold the policy of its workstation team.").waitFor();
    await press(page, "Post the policy");
    await why.getByText("A policy was posted to it, and is not yet processed.").waitFor();
    await isAtRelay(page);
    await sync(machine);
    await why.getByText("It holds the policy of its workstation team, and reports in time.").waitFor();
  });
});

test("a relay that is away is said to be so, and what is due goes out when it is back", async () => {
  await visit(`${home}/updates`, async (page, forgive) => {
    const exchange = section(page, "Proxy Sync");
    await exchange.getByText(relay.origin).waitFor();
    await relay.kill();
    await press(page, "Proxy Sync now");
    await exchange.getByText("The last try failed: the relay cannot be reached.").waitFor();
    await relay.restart();
    await press(page, "Proxy Sync now");
    await exchange.getByText(/^The last try failed/).waitFor({ state: "hidden" });
    forgive(/502/);
  });
});

test("it is asked for until somebody has confirmed that both key files were copied", async () => {
  await visit("/", async (page) => {
    const asked = page.getByText("Nobody has confirmed that the two key files were copied to a safe place.");
    await asked.waitFor();
    await press(page, "Copy the key files");
    const confirm = inDialog(page, "They are in a safe place");
    await dialog(page).getByRole("checkbox", { name: "root-key.json" }).click();
    expect(await confirm.isEnabled()).toBe(false);
    await dialog(page).getByRole("checkbox", { name: "key-encryption-key.json" }).click();
    await confirm.click();
    await isClosed(page);
    await asked.waitFor({ state: "hidden" });
  });
});

const opening = (button: string) => async (page: Page) => {
  await press(page, button);
  await dialog(page).waitFor();
};

const toMachine = async (page: Page) => {
  await page.getByRole("link", { name: "WS-1", exact: true }).first().click();
  await page.getByRole("heading", { level: 1, name: "WS-1" }).waitFor();
  await section(page, "Keys it was sent").getByRole("listitem").first().waitFor();
};

const ofUsers = (): Places => ({
  "user with a workstation": { address: userPage },
  "an issued code": {
    address: userPage,
    reach: async (page) => {
      await section(page, "Activation codes")
        .getByRole("button", { name: /^Issue/ })
        .click();
      await issueCode(page);
    },
  },
  "a command": { address: userPage, reach: opening("Command for WS-1") },
  "keys that sign": { address: `${home}/keys`, reach: opening("Copy the key files") },
  "a new epoch": { address: `${home}/keys`, reach: opening("Begin a new epoch") },
});

const ofWorkstations = (): Places => ({
  updates: { address: `${home}/updates` },
  "posting to a team": {
    address: `${home}/updates`,
    reach: async (page) => {
      await press(page, "Post Key-Files");
      await page.getByRole("radio", { name: "Those of a team" }).click();
      await dialog(page).getByRole("combobox").waitFor();
    },
  },
  workstations: { address: `${home}/workstations` },
  "one workstation": { address: `${home}/workstations`, reach: toMachine },
  "a lost workstation": {
    address: `${home}/workstations`,
    reach: async (page) => {
      await toMachine(page);
      await press(page, "Declare lost");
      await dialog(page).getByRole("listitem").first().waitFor();
    },
  },
});

const rooms = { "users and keys": ofUsers, "updates and workstations": ofWorkstations };

for (const [what, places] of Object.entries(rooms)) {
  testForEverybody(`the rooms of ${what}`, () => ({ site, places: places() }));
}

test("before a workstation is declared lost one sees which keys it was sent, and they are rotated with it", async () => {
  await visit(userPage, async (page) => {
    await press(page, "Declare lost: WS-1");
    const sent = dialog(page).getByRole("list", { name: "Keys it was sent" });
    await sent.getByText("encrypts new files").first().waitFor();
    await inDialog(page, "Declare it lost").click();
    await isClosed(page);
    await turns(page, "licensed");
    await page.goto(`${home}/workstations?search=WS-1`);
    await page.getByRole("link", { name: "WS-1", exact: true }).click();
    await section(page, "Why").getByText("It was declared lost: nobody is active on it any more.").waitFor();
    await section(page, "Keys it was sent").getByText("opens older files only").first().waitFor();
    expect(await section(page, "Keys it was sent").getByText("encrypts new files").count()).toBe(0);
    expect((await sync(machine)).ended).toBe(true);
  });
});
