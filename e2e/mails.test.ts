// Mails that a real server takes, and their buttons pressed in a real browser.

import { accounts, invitations, type Call } from "@lockstep/api";
import { afterAll, beforeAll, expect, test } from "vitest";

import { exampleCredentials } from "../apps/server/src/testing.ts";
import { press, settled, signInAs, testForEverybody, type Places, type Site } from "./browser.ts";
import { openMailedSite, type MailedSite } from "./mailed.ts";

let mailed: MailedSite;
let site: Site;
let ada: Call;
const password = "a few words in a row";

beforeAll(async () => {
  mailed = await openMailedSite();
  ({ site, ada } = mailed);
}, 180_000);

afterAll(() => mailed.close());

test("who is invited presses the button of the mail, chooses a password and signs in", async () => {
  const params = await mailed.paramsOf("finn");
  await ada(invitations.inviteAccount, { params });
  const mail = await mailed.mailTo("finn");
  const path = mailed.buttonOf(mail);
  expect(mail.subject).toBe("Activate your account");
  const statusNow = async () => (await ada(accounts.showAccount, { params })).status;
  await site.visit(path, async (page) => {
    await page.getByText("The account finn@northwind.example of Northwind Air.").waitFor();
    // The secret is in no address that could be sent on or written down.
    expect(page.url()).toBe(`${site.origin}/activate-account`);
    expect(await statusNow()).toBe("pending");
    await page.getByLabel("Password", { exact: true }).fill(password);
    await press(page, "Activate");
    await page.getByText("Your account is active.").waitFor();
    expect(await statusNow()).toBe("enabled");
    await page.getByRole("link", { name: "Sign in" }).click();
    await settled(page);
    await signInAs(page, { ...exampleCredentials("finn"), password });
  });
  await site.visit(path, async (page, forgive) => {
    await page.getByRole("alert").getByText("This link does not work").waitFor();
    forgive(/404/);
  });
});

test("whose account was disabled asks by username, follows the mail and confirms", async () => {
  const params = await mailed.paramsOf("wim");
  const statusNow = async () => (await ada(accounts.showAccount, { params })).status;
  await site.visit("/re-enable", async (page) => {
    await page.getByLabel("Username").fill(exampleCredentials("wim").username);
    await press(page, "Send the mail");
    await page.getByRole("status").getByText("Look into your mails.").waitFor();
  });
  const mail = await mailed.mailTo("wim");
  const path = mailed.buttonOf(mail);
  expect(mail.subject).toBe("Reactivate your account");
  await site.visit(path, async (page) => {
    await page.getByText("The account wim@northwind.example of Northwind Air.").waitFor();
    expect(await statusNow()).toBe("disabled");
    await press(page, "Confirm");
    await page.getByText("Your account is enabled again.").waitFor();
    expect(await statusNow()).toBe("enabled");
  });
});

const places: Places = {
  "asking for the mail": { address: "/re-enable", as: null },
};

testForEverybody("the page that asks for the mail", () => ({ site, places }));
