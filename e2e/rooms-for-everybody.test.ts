// Every room and dialog, judged for those who do not see it, see it in the dark, or see it on a small or a wide screen.

import type { Page } from "playwright-core";
import { afterAll, beforeAll } from "vitest";

import { dialog, openSite, press, section, testForEverybody, type Places, type Site } from "./browser.ts";
import { readExample, type Example } from "./example.ts";

let site: Site;
let example: Example;

beforeAll(async () => {
  site = await openSite({ example: true });
  example = await readExample(site.origin);
}, 180_000);

afterAll(() => site.close());

const isOpen = (page: Page) => dialog(page).waitFor();
const hasImpact = (page: Page) => dialog(page).getByRole("table").waitFor();

async function choose(page: Page, option: string): Promise<void> {
  await dialog(page).getByRole("combobox").click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

/** A button of the page opens a dialog. */
const opening = (name: string | RegExp) => async (page: Page) => {
  await press(page, name);
  await isOpen(page);
};

const ofPeople = (): Places => ({
  "several users chosen": {
    address: "/",
    reach: async (page) => {
      await page.getByRole("checkbox", { name: "Choose Gus Petrov" }).click();
      await page.getByText("1 user chosen").waitFor();
    },
  },
  "adding a user": { address: "/", reach: opening("Add a user") },
  "user without a licence": { address: example.userPath("Gus Petrov") },
  "moving a user": {
    address: example.userPath("Rosa Vidal"),
    reach: async (page) => {
      await press(page, "Move");
      await choose(page, "Cabin Crew");
      await dialog(page).getByText("Settings that change").waitFor();
    },
  },
  "removing a user": { address: example.userPath("Bo Lindqvist"), reach: opening("Remove") },
  "own groups": { address: example.userPath("Bo Lindqvist"), reach: opening("Own groups") },
  "what a user holds": {
    address: example.userPath("Kai Berger"),
    reach: (page) => section(page, "Should hold").getByText("Policy").click(),
  },
});

const ofImports = (): Places => ({
  import: { address: `${example.home}/import` },
  "import of organisations": { address: "/installation/imports" },
  "dry run": {
    address: `${example.home}/import`,
    reach: async (page) => {
      await page.getByText("What such a file looks like").click();
      const rows = ["name,username,team", "Somebody New,somebody,", ",nameless,", "Gus Petrov,gus,Nowhere"];
      const file = { name: "people.csv", mimeType: "text/csv", buffer: Buffer.from(rows.join("\n")) };
      await page.getByLabel("Drop a CSV file here").setInputFiles(file);
      await press(page, "Check the file");
      await section(page, "Skipped rows").getByRole("table").waitFor();
    },
  },
});

const ofTeams = (): Places => ({
  teams: { address: `${example.home}/teams` },
  "new team": { address: `${example.home}/teams`, reach: opening("New team") },
  "moving a team": {
    address: example.teamPath("Cabin Crew"),
    reach: async (page) => {
      await press(page, "Move");
      await choose(page, "Finance");
      await hasImpact(page);
    },
  },
  "why a team stays": {
    address: example.teamPath("Northwind Air"),
    reach: async (page) => {
      await page.getByRole("button", { name: "Delete" }).focus();
      await page.getByRole("tooltip").waitFor();
    },
  },
  "groups of a team": {
    address: example.teamPath("Pilots"),
    reach: async (page) => {
      await press(page, "Edit the encryption groups");
      await dialog(page).getByRole("checkbox", { name: "Finance" }).click();
      await hasImpact(page);
    },
  },
  workstations: {
    address: `${example.home}/workstation-teams`,
    reach: async (page) => {
      await page.getByLabel("silent.after", { exact: true }).fill("3");
      await page.getByRole("button", { name: "Save" }).waitFor();
    },
  },
});

const ofKeys = (): Places => ({
  keys: {
    address: `${example.home}/keys`,
    reach: (page) => page.getByText("2 versions").click(),
  },
  "new key": { address: `${example.home}/keys`, reach: opening("New key") },
  "rotating a key": {
    address: `${example.home}/keys`,
    reach: async (page) => {
      await press(page, "Rotate: Finance");
      await dialog(page).getByText("should hold the key").waitFor();
    },
  },
  licences: { address: `${example.home}/licences` },
  "adding a licence": { address: `${example.home}/licences`, reach: opening("Add a licence") },
  "another last day": {
    address: `${example.home}/licences`,
    reach: async (page) => {
      await page.getByRole("button", { name: /^Edit/ }).last().click();
      await dialog(page).getByLabel("Last day").fill("2026-10-01");
      await hasImpact(page);
    },
  },
  "replacing a licence": {
    address: `${example.home}/licences`,
    reach: async (page) => {
      await page
        .getByRole("button", { name: /^Replace/ })
        .first()
        .click();
      await isOpen(page);
    },
  },
  "seats for some people": {
    address: `${example.home}/licences`,
    reach: async (page) => {
      await page
        .getByRole("button", { name: /^Assign seats/ })
        .last()
        .click();
      await page.getByRole("radio", { name: "Some people" }).click();
      await dialog(page).getByRole("checkbox", { name: "Ada Holm" }).click();
    },
  },
  installation: { address: "/installation" },
  "rotating the key-encryption key": {
    address: "/installation",
    reach: opening("Rotate"),
  },
});

const rooms = {
  people: ofPeople,
  imports: ofImports,
  "teams and workstations": ofTeams,
  "keys, licences and the installation": ofKeys,
};

for (const [what, places] of Object.entries(rooms)) {
  testForEverybody(`the rooms of ${what}`, () => ({ site, places: places() }));
}
