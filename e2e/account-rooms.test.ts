// Journeys through the rooms for accounts, in a real browser, against the real server with the example.

import { readFile } from "node:fs/promises";

import { accounts } from "@lockstep/api";
import { parseId } from "@lockstep/core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { signInTo } from "../apps/server/src/testing.ts";
import { dialog, openSite, press, section, settled, type Site, type Walk } from "./browser.ts";
import { readExample, type Example } from "./example.ts";

let site: Site;
let example: Example;

beforeAll(async () => {
  site = await openSite({ example: true });
  example = await readExample(site.origin);
}, 180_000);

afterAll(() => site.close());

/** As the manager of the organisation, unless somebody else is named. */
const visit = (address: string, walk: Walk, as = "ada") => site.visit(address, walk, { as });
const account = (page: Page) => section(page, "Account");
const accountButton = (page: Page, name: string) => account(page).getByRole("button", { name, exact: true });
const mark = (page: Page, status: string) => page.locator("main header").getByText(status, { exact: true });

/** Presses what the dialog ends in. */
async function confirm(page: Page, action: string): Promise<void> {
  await dialog(page).getByRole("button", { name: action, exact: true }).click();
  await dialog(page).waitFor({ state: "hidden" });
}

async function expectGrey(page: Page, name: string, why: string): Promise<void> {
  const button = accountButton(page, name);
  await expect.poll(() => button.getAttribute("aria-disabled")).toBe("true");
  await expect.poll(() => button.getAttribute("aria-describedby")).not.toBe(null);
  const id = (await button.getAttribute("aria-describedby")) ?? "";
  await expect.poll(() => page.locator(`[id="${id}"]`).textContent()).toContain(why);
  await button.focus();
  await page.getByRole("tooltip").getByText(why).waitFor();
  await button.press("Enter");
  expect(await dialog(page).count()).toBe(0);
}

test("an account is blocked with two reasons after a look at what follows, changed, and unblocked from the next step", async () => {
  await visit(example.userPath("Bo Lindqvist"), async (page) => {
    await accountButton(page, "Block").click();
    await dialog(page).getByText("Blocked", { exact: true }).waitFor();
    await dialog(page).getByLabel("Reason for administrators").fill("Lost the badge");
    await dialog(page).getByLabel("Reason for the user").fill("Please come to the desk");
    await confirm(page, "Block the account");
    await mark(page, "Blocked").waitFor();
    await account(page).getByText("Blocked until somebody unblocks it").waitFor();
    await account(page).getByText("By Ada Holm, organisation manager").waitFor();
    await account(page).getByText("Please come to the desk").waitFor();
    await section(page, "Timeline").getByText("The account was blocked").first().waitFor();

    await accountButton(page, "Change the block").click();
    expect(await dialog(page).getByLabel("Reason for administrators").inputValue()).toBe("Lost the badge");
    await dialog(page).getByRole("radio", { name: "By itself" }).check();
    await dialog(page).getByLabel("Last day of the block").fill("2031-12-30");
    await confirm(page, "Save");
    await account(page)
      .getByText(/Blocked until 31 Dec 2031, 00:00/)
      .waitFor();
    await accountButton(page, "Change the block").click();
    expect(await dialog(page).getByLabel("Last day of the block").inputValue()).toBe("2031-12-30");
    await confirm(page, "Cancel");

    await section(page, "What next").getByRole("button", { name: "Unblock" }).click();
    await dialog(page).getByText("Enabled", { exact: true }).waitFor();
    await confirm(page, "Unblock the account");
    await mark(page, "Enabled").waitFor();
    await account(page).getByText("1 former block").click();
    await account(page).getByText("Lost the badge").waitFor();
  });
});

test("what a manager may not do to an account is grey and says why, also to the keyboard", async () => {
  await visit(example.userPath("Kai Berger"), async (page) => {
    await expectGrey(page, "Exempt", "system administrator or authority administrator");
    const disabled = account(page).getByRole("switch", { name: "Disabled for inactivity" });
    expect(await disabled.getAttribute("aria-disabled")).toBe("true");
    await disabled.focus();
    await disabled.press("Space");
    expect(await disabled.isChecked()).toBe(false);
  });
  await visit(example.userPath("Ada Holm"), (page) =>
    expectGrey(page, "Block", "Nobody does this to themselves."),
  );
  await visit(
    example.userPath("Kai Berger"),
    (page) => expectGrey(page, "Block", "It needs: system administrator, authority administrator or"),
    "emil",
  );
});

test("whoever looks at the own page sees the account and none of the switches", async () => {
  await visit(
    example.userPath("Inês Duarte"),
    async (page) => {
      await account(page).getByText("Can sign in.").waitFor();
      expect(await account(page).getByRole("button").count()).toBe(0);
    },
    "ines",
  );
});

test("somebody is invited, sent the mail again, and the invitation is withdrawn", async () => {
  await visit(example.userPath("Finn Aalto"), async (page) => {
    await accountButton(page, "Invite").click();
    await dialog(page).getByText("The mail goes to finn@northwind.example.").waitFor();
    await confirm(page, "Send the invitation");
    await mark(page, "Pending").waitFor();
    await account(page)
      .getByText(/^Activation,.*waits to be sent/)
      .waitFor();
    await section(page, "What next").getByRole("button", { name: "Send the invitation again" }).click();
    await confirm(page, "Send it again");
    await section(page, "Timeline").getByText("Another activation mail was posted").waitFor();
    await accountButton(page, "Withdraw").click();
    await dialog(page).getByText("No account", { exact: true }).waitFor();
    await confirm(page, "Withdraw the invitation");
    await mark(page, "No account").waitFor();
    await accountButton(page, "Invite").waitFor();
  });
});

const rooms = () => `${example.home}/accounts`;
const tick = (page: Page, name: string) => page.getByRole("checkbox", { name: `Choose ${name}` }).click();
const verdictOn = (page: Page, name: string) => dialog(page).getByRole("listitem").filter({ hasText: name });

test("many are blocked after a plan with a verdict for each, and who cannot be is passed over", async () => {
  await visit(rooms(), async (page) => {
    for (const name of ["Kai Berger", "Lena Fischer", "Hana Sato", "Ada Holm"]) await tick(page, name);
    await page.getByText("4 people chosen").waitFor();
    await press(page, "Block");
    await dialog(page).getByLabel("Reason for administrators").fill("Audit");
    await dialog(page).getByRole("button", { name: "Make the plan" }).click();
    await dialog(page).getByText("2 of 4 accounts would be blocked.").waitFor();
    await verdictOn(page, "Hana Sato").getByText("has no account").waitFor();
    await verdictOn(page, "Ada Holm").getByText("Nobody does this to the own account.").waitFor();
    const kai = page.getByRole("row").filter({ hasText: "Kai Berger" });
    await kai.getByText("Enabled", { exact: true }).waitFor();
    await dialog(page).getByRole("button", { name: "Block 2 accounts" }).click();
    await dialog(page).getByText("2 of 4 accounts were blocked.").waitFor();
    await confirm(page, "Done");
    await kai.getByText("Blocked", { exact: true }).waitFor();
    await page.getByText("4 people chosen").waitFor({ state: "hidden" });

    await page.getByRole("button", { name: /Blocked$/ }).click();
    await settled(page);
    for (const name of ["Kai Berger", "Lena Fischer"]) await tick(page, name);
    await press(page, "Unblock");
    await dialog(page).getByRole("button", { name: "Make the plan" }).click();
    await dialog(page).getByRole("button", { name: "Unblock 2 accounts" }).click();
    await dialog(page).getByText("2 of 2 accounts were unblocked.").waitFor();
    await confirm(page, "Done");
    await kai.waitFor({ state: "hidden" });
  });
});

test("many invitations are sent again, and who waits for none is passed over before anything is sent", async () => {
  await visit(rooms(), async (page) => {
    for (const name of ["Cleo Marsh", "Ada Holm"]) await tick(page, name);
    await press(page, "Send invitations again");
    await dialog(page).getByRole("button", { name: "Make the plan" }).click();
    await verdictOn(page, "Ada Holm").getByText("does not wait to be activated").waitFor();
    await dialog(page).getByRole("button", { name: "Send invitations again to 1 account" }).click();
    await dialog(page).getByText("1 of 2 accounts were invited again.").waitFor();
    await verdictOn(page, "Cleo Marsh").getByText("Done.").waitFor();
    await confirm(page, "Done");
  });
});

test("chosen people are exported to a file for a spreadsheet, and helpdesk reads why it may not", async () => {
  await visit(rooms(), async (page) => {
    for (const name of ["Kai Berger", "Hana Sato"]) await tick(page, name);
    await press(page, "Export");
    await dialog(page).getByText("That you made it is recorded").waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      dialog(page).getByRole("button", { name: "Download the file" }).click(),
    ]);
    await dialog(page).getByText("2 people in the file.").waitFor();
    expect(download.suggestedFilename()).toMatch(/^Northwind-Air-people-\d{4}-\d\d-\d\d\.csv$/);
    const [head, kai, hana, ...rest] = (await readFile(await download.path(), "utf8")).split("\r\n");
    expect(head).toMatch(/^\uFEFFverdict,name,username,email,/u);
    expect(kai).toMatch(
      /^exported,Kai Berger,kai@northwind\.example,kai@northwind\.example,Northwind Air \/ /,
    );
    expect(hana).toMatch(/^exported,Hana Sato,hana@northwind\.example,.*,No account,no-account,,,$/);
    expect(rest).toEqual([""]);
    await confirm(page, "Done");
    await page.getByText("2 people chosen").waitFor();
  });
  await visit(
    rooms(),
    async (page) => {
      await tick(page, "Kai Berger");
      const button = page.getByRole("button", { name: "Export", exact: true });
      await expect.poll(() => button.getAttribute("aria-disabled")).toBe("true");
    },
    "emil",
  );
});

test("an account is exempted by an authority administrator, listed in the rules, and no longer expected to be disabled", async () => {
  const forecast = `${rooms()}/forecast?days=365`;
  await visit(
    example.userPath("Nora Lund"),
    async (page) => {
      await page.goto(forecast);
      await page.getByRole("link", { name: "Nora Lund" }).waitFor();
      await page.goto(example.userPath("Nora Lund"));
      await accountButton(page, "Exempt").click();
      await dialog(page).getByLabel("Reason").fill("On call once a year");
      await confirm(page, "Exempt the account");
      await account(page).getByText("“On call once a year”").waitFor();
      await page.goto(forecast);
      await page.getByRole("link", { name: "Milo Costa" }).waitFor();
      expect(await page.getByRole("link", { name: "Nora Lund" }).count()).toBe(0);
      await page.goto(`${rooms()}/rules`);
      await press(page, "End the exemption: Nora Lund");
      await confirm(page, "End the exemption");
      await section(page, "Exempt from inactivity").getByText("Nobody.").waitFor();
    },
    "noor",
  );
});

test("other days are saved after a look at what they would do; a manager sees that and cannot save", async () => {
  const preview = (page: Page) => section(page, "What that would do");
  const save = (page: Page) => page.getByRole("button", { name: "Save", exact: true });
  await visit(`${rooms()}/rules`, async (page) => {
    await page.getByLabel(/^Days without activity/).fill("60");
    await preview(page).getByText("accounts in use").waitFor();
    expect(await save(page).getAttribute("aria-disabled")).toBe("true");
    await save(page).focus();
    await page.getByRole("tooltip").getByText("It needs: system administrator").waitFor();
  });
  await visit(
    `${rooms()}/rules`,
    async (page) => {
      await page.getByLabel(/^Days without activity/).fill("7");
      await save(page).focus();
      await page.getByRole("tooltip").getByText("The days are from 30 to 730.").waitFor();
      await page.getByLabel(/^Days without activity/).fill("30");
      await preview(page).getByText("So many at once would be held.").waitFor();
      await page.getByLabel(/^Days without activity/).fill("200");
      await preview(page).getByText("So many at once would be held.").waitFor({ state: "hidden" });
      await page.getByRole("radio", { name: /^Nobody below the role/ }).check();
      await expect.poll(() => save(page).getAttribute("aria-disabled")).toBe(null);
      await save(page).click();
      await page.getByText("Saved.").waitFor();
      await page.reload();
      await settled(page);
      expect(await page.getByLabel(/^Days without activity/).inputValue()).toBe("200");
      expect(await page.getByRole("radio", { name: /^Nobody below the role/ }).isChecked()).toBe(true);
    },
    "noor",
  );
});

test("Can I? says which rule decides, in which role, and what would follow", async () => {
  await visit(`${rooms()}/can-i`, async (page) => {
    const answer = section(page, "Answer");
    const choose = async (label: string, name: string) => {
      const field = page.getByRole("combobox", { name: label, exact: true });
      await field.fill(name);
      await page.getByRole("option", { name }).click();
    };
    await choose("To whom", "Milo Costa");
    await answer.getByText("Yes").waitFor();
    await answer.getByText("organisation manager").waitFor();
    await answer.getByText("Blocked", { exact: true }).waitFor();
    await page.getByLabel("Does what").selectOption("Disable the account");
    await answer.getByText("role-may-not").waitFor();
    await page.getByLabel("Does what").selectOption("Unblock account");
    await answer.getByText("account_not_blocked").waitFor();
    await choose("Who", "Émil Roche");
    await answer.getByText("No role of theirs allows this anywhere.").waitFor();
    // What was asked is in the address, to be sent to somebody.
    await page.reload();
    await answer.getByText("No role of theirs allows this anywhere.").waitFor();
  });
});

test("the roles of an organisation are named, and of a role's last one that it is", async () => {
  const [, , organisationId, , userId] = example.userPath("Ada Holm").split("/");
  const params = { organisationId: parseId<"organisation">(organisationId), userId: parseId<"user">(userId) };
  const { call } = await signInTo(site.origin, "mia");
  const look: Walk = async (page) => {
    const row = (name: string) => page.getByRole("row").filter({ hasText: name });
    const last = page.getByText("The last one who can sign in.");
    await row("Ada Holm").getByText("Organisation manager").waitFor();
    await row("Mia Holt").getByText("Lives in the office above.").waitFor();
    await row("Émil Roche").getByText("Helpdesk").waitFor();
    expect(await last.count()).toBe(0);
    await call(accounts.blockAccount, { params, body: { reason: "Audit" } });
    await row("Ada Holm").getByText("Cannot sign in at this moment.").waitFor();
    await row("Mia Holt").filter({ has: last }).waitFor();
    await call(accounts.unblockAccount, { params });
  };
  await visit(`${rooms()}/roles`, look, "mia");
});
