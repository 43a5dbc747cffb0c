// The rooms for accounts and mails for those who see nothing, little, or on a small screen.

import { invitations, organisations, standings } from "@lockstep/api";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { signInTo } from "../apps/server/src/testing.ts";
import { dialog, openSite, press, testForEverybody, type Places, type Site } from "./browser.ts";

/** Looked at one after the other: looking takes its time. */
const groups = ["dialogs", "roles", "rooms", "pages of single sign-on", "mails"] as const;
type Group = (typeof groups)[number];

let site: Site;
let places: Record<Group, Places>;

const inAccount = (name: string) => (page: Page) =>
  page.getByRole("region", { name: "Account" }).getByRole("button", { name, exact: true }).click();

async function planToBlock(page: Page): Promise<void> {
  await page.getByRole("checkbox", { name: "Choose all that are shown" }).click();
  await press(page, "Block");
  await dialog(page).getByLabel("Reason for administrators").fill("Audit");
  await dialog(page).getByRole("button", { name: "Make the plan" }).click();
  await dialog(page).getByText("would be blocked.").waitFor();
}

async function lookAhead(page: Page): Promise<void> {
  await page.getByLabel(/^Days without activity/).fill("30");
  await page.getByText("accounts in use").waitFor();
  await page.getByRole("radio", { name: /^Everybody needs one/ }).check();
  await page.getByRole("radio", { name: /^Also managers and helpdesk/ }).check();
  await page.getByText(/^It concerns .* of this organisation/).waitFor();
}

async function tryProvider(page: Page): Promise<void> {
  await page.getByLabel("Issuer").fill("http://127.0.0.1:1");
  await press(page, "Try it");
  await page.getByRole("region", { name: "Test" }).getByRole("alert").waitFor();
}

beforeAll(async () => {
  site = await openSite({ example: true });
  const { call } = await signInTo(site.origin, "ada");
  const [organisation] = (await call(organisations.listOrganisations)).organisations;
  if (organisation === undefined) throw new Error("the example has an organisation");
  const params = { organisationId: organisation.id };
  const { users } = await call(standings.listUsers, { params, query: { limit: 200 } });
  const idOf = (name: string) => {
    const found = users.find((user) => user.name === name);
    if (found === undefined) throw new Error(`the example has no ${name}`);
    return found.id;
  };
  await call(invitations.inviteAccount, { params: { ...params, userId: idOf("Finn Aalto") } });
  const home = `/organisations/${organisation.id}`;
  const pageOf = (name: string) => `${home}/users/${idOf(name)}`;
  places = {
    dialogs: {
      "a blocked account": { address: pageOf("Vera Simic") },
      "an account of which little may be changed": { address: pageOf("Wim de Vries"), as: "emil" },
      blocking: { address: pageOf("Kai Berger"), reach: inAccount("Block") },
      unblocking: { address: pageOf("Vera Simic"), reach: inAccount("Unblock") },
      inviting: { address: pageOf("Gus Petrov"), reach: inAccount("Invite") },
      exempting: { address: pageOf("Kai Berger"), reach: inAccount("Exempt") },
    },
    roles: {
      "granting a role": { address: `${home}/accounts/roles`, reach: (page) => press(page, "Grant a role") },
      "withdrawing a role": {
        address: `${home}/accounts/roles`,
        reach: (page) => press(page, "Withdraw helpdesk: Émil Roche"),
      },
    },
    rooms: {
      people: { address: `${home}/accounts` },
      "a plan": { address: `${home}/accounts`, reach: planToBlock },
      forecast: { address: `${home}/accounts/forecast?days=365` },
      rules: { address: `${home}/accounts/rules`, reach: lookAhead },
      roles: { address: `${home}/accounts/roles` },
      "Can I?": { address: `${home}/accounts/can-i?target=${idOf("Vera Simic")}` },
    },
    "pages of single sign-on": {
      settings: { address: `${home}/accounts/single-sign-on`, reach: tryProvider },
      "for the helpdesk": { address: `${home}/accounts/single-sign-on`, as: "emil" },
    },
    mails: {
      mails: { address: "/installation/mails" },
      "the mail server": { address: "/installation/mails", reach: (page) => press(page, "Set it up") },
      "opening a mail": {
        address: "/installation/mails",
        reach: (page) => press(page, "Open: mail to Finn Aalto"),
      },
    },
  };
}, 180_000);

afterAll(() => site.close());

for (const group of groups) {
  testForEverybody(`the ${group} for accounts`, () => ({ site, places: places[group] }));
}

/** From where the focus is. */
async function tabTo(page: Page, name: string): Promise<void> {
  const target = page.getByRole("button", { name, exact: true }).first();
  for (let steps = 0; steps < 80; steps++) {
    await page.keyboard.press("Tab");
    if (await target.evaluate((button) => button === document.activeElement)) return;
  }
  throw new Error(`the keyboard does not reach ${name}`);
}

test("with the keyboard alone many accounts are chosen and planned to be blocked", async () => {
  const { address } = places.rooms["people"] ?? { address: "" };
  const walk = async (page: Page) => {
    await page.getByRole("checkbox", { name: "Choose Kai Berger" }).focus();
    await page.keyboard.press("Space");
    await page.getByText("1 person chosen").waitFor();
    await page.getByRole("button", { name: "Enabled" }).focus();
    await tabTo(page, "Block");
    await page.keyboard.press("Enter");
    await page.keyboard.type("Audit");
    await page.keyboard.press("Enter");
    await dialog(page).getByText("1 of 1 account would be blocked.").waitFor();
    await page.keyboard.press("Escape");
    await dialog(page).waitFor({ state: "hidden" });
    const isBack = await page
      .getByRole("button", { name: "Block", exact: true })
      .evaluate((button) => button === document.activeElement);
    expect(isBack).toBe(true);
  };
  await site.visit(address, walk, { as: "mia" });
});
