// Deletion as people meet it: of the own account, of organisations and authorities, and what is left afterwards; in a real
// browser, against the real server with the example.

import { readFile } from "node:fs/promises";

import {
  accounts,
  authorities,
  deletions,
  keys,
  organisations,
  sessions,
  standings,
  users,
  type Call,
} from "@lockstep/api";
import { parseId, type OrganisationId } from "@lockstep/core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";

import { exampleCredentials, signInTo } from "../apps/server/src/testing.ts";
import {
  dialog,
  openSite,
  press,
  section,
  settled,
  signInAs,
  testForEverybody,
  type Places,
  type Site,
  type Walk,
} from "./browser.ts";
import { readExample, type Example } from "./example.ts";

let site: Site;
let example: Example;
let noor: Call;
let mia: Call;

beforeAll(async () => {
  site = await openSite({ example: true });
  example = await readExample(site.origin);
  noor = (await signInTo(site.origin, "noor")).call;
  mia = (await signInTo(site.origin, "mia")).call;
}, 240_000);

afterAll(() => site.close());

const visit = (address: string, walk: Walk, as: string) => site.visit(address, walk, { as });
const own = (page: Page) => section(page, "Delete your account");
const banner = (page: Page) => section(page, "Deletion of your account");
const password = (page: Page) => page.getByLabel("Your password once more");
const { password: right } = exampleCredentials("noor");

async function expectGrey(page: Page, name: string, why: string): Promise<void> {
  const button = page.getByRole("button", { name, exact: true });
  await expect.poll(() => button.getAttribute("aria-describedby")).not.toBe(null);
  const id = (await button.getAttribute("aria-describedby")) ?? "";
  await expect.poll(() => page.locator(`[id="${id}"]`).textContent()).toContain(why);
  expect(await button.getAttribute("aria-disabled")).toBe("true");
}

/** With a key, and with people whom nobody else in these journeys has to do with. */
async function makeOrganisation(name: string, people: readonly string[]): Promise<OrganisationId> {
  const { roles } = await noor(sessions.showSession);
  const authorityId = roles.find(({ role }) => role === "authority-administrator")?.authorityId;
  if (authorityId === undefined || authorityId === null) throw new Error("noor administers an authority");
  const body = { name, managedByMe: true };
  const { id: organisationId } = await noor(organisations.createOrganisation, {
    params: { authorityId },
    body,
  });
  const params = { organisationId };
  await noor(keys.createKey, { params, body: { name: "Company" } });
  for (const person of people) {
    const [first = ""] = person.toLowerCase().split(" ");
    await noor(users.addUser, { params, body: { name: person, username: `${first}@${organisationId}` } });
  }
  return organisationId;
}

const asking = async (page: Page) => {
  await own(page).getByRole("button", { name: "Delete my account", exact: true }).click();
  await password(page).waitFor();
};

test("an account is asked to be deleted with the own password, its owner reads so on every page, and withdraws it", async () => {
  const look: Walk = async (page, forgive) => {
    await asking(page);
    await dialog(page).getByText("Nobody can bring it back then.").waitFor();
    await password(page).fill("not hers at all");
    await press(page, "Delete my account in seven days");
    await dialog(page).getByText("This is not your password.").waitFor();
    forgive(/401/);
    expect(await banner(page).count()).toBe(0);
    await password(page).fill(right);
    await press(page, "Delete my account in seven days");
    await dialog(page).waitFor({ state: "hidden" });
    await banner(page)
      .getByText(/^Your account will be deleted on \w+, \d+ \w+ \d{4}\.$/)
      .waitFor();
    await page.getByRole("button", { name: /account and sign-out$/ }).click();
    await press(page, "Sign out");
    await settled(page);
    await signInAs(page, exampleCredentials("ines"));
    expect(new URL(page.url()).pathname).not.toBe("/account");
    await banner(page).waitFor();
    forgive(/401/);
  };
  await visit("/account", look, "ines");
  await visit(
    `${example.home}/accounts`,
    async (page) => {
      await page.getByRole("link", { name: "Deletions", exact: true }).click();
      const list = section(page, "Who asked for deletion");
      const row = list.getByRole("row").filter({ hasText: "Inês Duarte" });
      await row.getByText(/\d{4}/).nth(1).waitFor();
      expect(await list.getByRole("button").count()).toBe(0);
      await row.getByRole("link", { name: "Inês Duarte" }).click();
      await section(page, "Account").getByText("The user asked for the account to be deleted.").waitFor();
      expect(await page.getByRole("button", { name: "Withdraw", exact: true }).count()).toBe(0);
    },
    "ada",
  );
  await visit(
    "/account",
    async (page) => {
      await own(page).getByText("You asked for it.").waitFor();
      await banner(page).getByRole("button", { name: "Withdraw" }).click();
      await banner(page).getByText("Your account stays.").waitFor();
      await own(page).getByRole("button", { name: "Delete my account", exact: true }).waitFor();
      await banner(page).getByRole("button", { name: "Close" }).click();
      await banner(page).waitFor({ state: "hidden" });
    },
    "ines",
  );
  await visit(
    `${example.home}/accounts/deletions`,
    (page) => page.getByText("Nobody has asked.").waitFor(),
    "ada",
  );
}, 120_000);

test("the last administrator of anything cannot ask and reads why; who became it after asking waits in the list", async () => {
  const { user } = await mia(sessions.showSession);
  const [, , id, , userId] = example.userPath("Ada Holm").split("/");
  const params = { organisationId: parseId<"organisation">(id), userId: parseId<"user">(userId) };
  const list = `/organisations/${user.organisationId}/accounts/deletions`;
  await mia(deletions.requestDeletion, { body: { password: right } });
  await mia(accounts.blockAccount, { params, body: { reason: "Audit" } });
  onTestFinished(async () => {
    await mia(accounts.unblockAccount, { params });
  });
  await visit(
    list,
    async (page) => {
      const row = page.getByRole("row").filter({ hasText: "Mia Holt" });
      await row.getByText("Waits: the last administrator.").waitFor();
    },
    "sol",
  );
  await mia(deletions.withdrawDeletion);
  await visit("/account", (page) => expectGrey(page, "Delete my account", "Nobody else could"), "mia");
}, 120_000);

test("whoever may not delete finds the button grey with the reason, and the page of it closed", async () => {
  const needs = (role: string) => `It needs: ${role}.`;
  await visit(
    "/installation",
    async (page, forgive) => {
      await expectGrey(page, "Delete: Northwind Air", needs("authority administrator"));
      await page.goto(`${example.home}/deletion`);
      await page.getByText("Your role does not allow this.").waitFor();
      expect(await page.getByRole("button", { name: /for ever$/ }).count()).toBe(0);
      forgive(/403/);
    },
    "ada",
  );
  await visit(
    "/installation",
    async (page) => {
      await expectGrey(page, "Delete: Northwind Air", needs("authority administrator"));
      const offices = page.getByRole("listitem").filter({ hasText: "Office of the installation" });
      const name = await offices.getByRole("link").innerText();
      await expectGrey(page, `Delete: ${name}`, "it stays");
    },
    "sol",
  );
  await visit(
    `${example.home}/deletion`,
    (page) => expectGrey(page, "Make a recovery file: Northwind Air", needs("organisation manager")),
    "noor",
  );
}, 120_000);

test("wrong passwords are counted: after the tenth none is tried any more, and nothing is deleted", async () => {
  const id = await makeOrganisation("Western Cargo", ["David Young"]);
  const look: Walk = async (page, forgive) => {
    await page.getByLabel("Type the name of the organisation").fill("Western Cargo");
    const remove = page.getByRole("button", { name: "Delete the organisation for ever" });
    const again = (number: number) =>
      page.waitForResponse(
        (reply) => reply.request().method() === "POST" && reply.url().endsWith("/deletion"),
        {
          timeout: 20_000 + number,
        },
      );
    for (let number = 0; number < 10; number++) {
      await password(page).fill(`wrong ${number}`);
      const [reply] = await Promise.all([again(number), remove.click()]);
      expect(reply.status()).toBe(401);
      await page.getByText("This is not your password.").waitFor();
    }
    await password(page).fill(right);
    const [reply] = await Promise.all([again(10), remove.click()]);
    expect(reply.status()).toBe(429);
    await page.getByRole("alert").getByText("Too many passwords were wrong.").waitFor();
    forgive(/401|429/);
  };
  await visit(`/organisations/${id}/deletion`, look, "noor");
  const { organisations: all } = await noor(organisations.listOrganisations);
  expect(all.find((each) => each.id === id)?.state).toBe("enabled");
}, 120_000);

async function makeRecoveryFile(page: Page): Promise<string> {
  await press(page, "Make a recovery file: Southern Rail");
  await dialog(page).getByLabel("Passphrase", { exact: true }).fill("words for the day after");
  await dialog(page).getByLabel("The passphrase again").fill("words for the next day");
  await dialog(page).getByText("This is not the same.").waitFor();
  const make = dialog(page).getByRole("button", { name: "Make and download it" });
  expect(await make.isDisabled()).toBe(true);
  await dialog(page).getByLabel("The passphrase again").fill("words for the day after");
  await dialog(page).getByLabel("Your password once more").fill(right);
  const [download] = await Promise.all([page.waitForEvent("download"), make.click()]);
  expect(download.suggestedFilename()).toMatch(/^Southern-Rail-recovery-\d{4}-\d\d-\d\d\.age$/);
  await dialog(page).getByText("1 key, with every version, in the file.").waitFor();
  await press(page, "Done");
  return readFile(await download.path(), "utf8");
}

test("an organisation is deleted after a look at everybody, a recovery file, its typed name and the password, and its end is seen", async () => {
  await makeOrganisation("Southern Rail", ["Anna Berg", "Ben Carter", "Clara Stone"]);
  const look: Walk = async (page, forgive) => {
    await press(page, "Delete: Southern Rail");
    await page.getByRole("heading", { level: 1, name: "Delete Southern Rail" }).waitFor();
    const people = section(page, "Whom it concerns");
    for (const name of ["Anna Berg", "Ben Carter", "Clara Stone"]) {
      await people.getByRole("row").filter({ hasText: name }).waitFor();
    }
    await section(page, "Recovery file").getByText("never written to a file").waitFor();
    await page.getByText("No recovery file was ever made.").waitFor();
    expect(await makeRecoveryFile(page)).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----\n/);
    await section(page, "Recovery file").getByText("written to a file just now").waitFor();
    await page.getByText("No recovery file was ever made.").waitFor({ state: "detached" });

    const remove = page.getByRole("button", { name: "Delete the organisation for ever" });
    const name = page.getByLabel("Type the name of the organisation");
    await name.fill("southern rail");
    expect(await remove.isDisabled()).toBe(true);
    await name.fill("Southern Rail");
    await password(page).fill("not hers at all");
    await remove.click();
    await page.getByText("This is not your password.").waitFor();
    forgive(/401/);
    await password(page).fill(right);
    await remove.click();
    await page.waitForURL((url) => url.pathname === "/installation");
    const gone = section(page, "Deleted organisations")
      .getByRole("listitem")
      .filter({ hasText: "Southern Rail" });
    await gone.getByText(/^Done .+: 3 people erased, every key destroyed\.$/).waitFor();
    await page.getByRole("button", { name: "Delete: Southern Rail" }).waitFor({ state: "detached" });
  };
  await visit("/installation", look, "noor");
}, 120_000);

test("who looks at a deletion that somebody else has made another thing of meanwhile looks again first", async () => {
  const id = await makeOrganisation("Eastern Ferries", ["Emma Wood"]);
  const look: Walk = async (page, forgive) => {
    const params = { organisationId: id };
    const { revision } = await noor(organisations.showOrganisation, { params });
    await page.getByLabel("Type the name of the organisation").fill("Eastern Ferries");
    await password(page).fill(right);
    await noor(organisations.renameOrganisation, {
      params,
      match: revision,
      body: { name: "Eastern Ferry Lines" },
    });
    await page.getByRole("heading", { level: 1, name: "Delete Eastern Ferry Lines" }).waitFor();
    await page.getByRole("alert").getByText("Somebody changed it meanwhile.").waitFor();
    expect(await page.getByRole("button", { name: /for ever$/ }).isDisabled()).toBe(true);
    forgive(/412/);
  };
  await visit(`/organisations/${id}/deletion`, look, "noor");
}, 120_000);

test("a system administrator deletes an authority with its office and every organisation", async () => {
  await mia(authorities.createAuthority, { body: { name: "Rail Authority" } });
  await visit(
    "/installation",
    async (page) => {
      await press(page, "Delete: Rail Authority");
      await page.getByRole("heading", { level: 1, name: "Delete Rail Authority" }).waitFor();
      await section(page, "What it takes").getByRole("row").nth(1).waitFor();
      await section(page, "Recovery file").getByText("There is no key in there").waitFor();
      await page.getByLabel("Type the name of the authority").fill("Rail Authority");
      await password(page).fill(right);
      await press(page, "Delete the authority for ever");
      await page.waitForURL((url) => url.pathname === "/installation");
      const listed = section(page, "Authorities").getByRole("listitem").filter({ hasText: "Rail Authority" });
      await listed.getByText("Deleted", { exact: true }).waitFor();
      const gone = section(page, "Deleted organisations")
        .getByRole("listitem")
        .filter({ hasText: "Rail Authority" });
      await gone.getByText(/^Done /).waitFor();
    },
    "sol",
  );
}, 120_000);

/** Of somebody whose account was deleted. */
async function deletedPath(): Promise<string> {
  const organisationId = parseId<"organisation">(example.home.split("/")[2]);
  const query = { account: "deleted" } as const;
  const { users: deleted } = await noor(standings.listUsers, { params: { organisationId }, query });
  return `${example.home}/users/${deleted[0]?.id ?? "nobody"}`;
}

test("of whose account was deleted the username and the timeline are left, and no button", async () => {
  await visit(
    await deletedPath(),
    async (page) => {
      const remains = section(page, "What remains");
      await remains.getByText("zoe@northwind.example", { exact: true }).waitFor();
      await section(page, "Timeline").getByText("The account was deleted").first().waitFor();
      expect(await page.locator("main").getByRole("button").count()).toBe(0);
      for (const name of ["What next", "Account", "Workstations", "Activation codes", "User"]) {
        expect(await page.getByRole("region", { name, exact: true }).count(), name).toBe(0);
      }
    },
    "ada",
  );
}, 60_000);

describe("with everybody who can be deleted", () => {
  let places: Places;

  beforeAll(async () => {
    const id = await makeOrganisation("Upwind Gliders", ["Frank Miller", "Grace Turner"]);
    const { authorities: all } = await mia(authorities.listAuthorities);
    const authority = all.find(({ state }) => state === "enabled");
    const emil = (await signInTo(site.origin, "emil")).call;
    await emil(deletions.requestDeletion, { body: { password: right } });
    const recovery = async (page: Page) => {
      await press(page, "Make a recovery file: Upwind Gliders");
      await dialog(page).waitFor();
    };
    places = {
      "asking for it": { address: "/account", as: "ines", reach: asking },
      "asked for": { address: "/account", as: "emil" },
      requests: { address: `${example.home}/accounts/deletions`, as: "ada" },
      "somebody who asked": { address: example.userPath("Émil Roche"), as: "ada" },
      "a deleted account": { address: await deletedPath(), as: "ada" },
      "an organisation": { address: `/organisations/${id}/deletion`, as: "noor" },
      "a recovery file": { address: `/organisations/${id}/deletion`, as: "noor", reach: recovery },
      "an authority": { address: `/authorities/${authority?.id ?? ""}/deletion`, as: "sol" },
      installation: { address: "/installation", as: "sol" },
    };
  }, 120_000);

  testForEverybody("the pages for deletion", () => ({ site, places }));
});
