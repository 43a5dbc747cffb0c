// Mails that a real server takes, and their buttons pressed in a real browser.

import { accounts, invitations, mails, organisations, standings, type Call } from "@lockstep/api";
import type { OrganisationId, UserId } from "@lockstep/core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";

import { startPost, type Taken, type TestPost } from "../apps/server/src/mails/testing/smtp.ts";
import { exampleCredentials, signInTo } from "../apps/server/src/testing.ts";
import { expectAccessible, openSite, press, settled, signInAs, type Places, type Site } from "./browser.ts";

let site: Site;
let post: TestPost;
let ada: Call;
let organisationId: OrganisationId;
const password = "a few words in a row";

beforeAll(async () => {
  site = await openSite({ example: true });
  post = await startPost();
  const sol = (await signInTo(site.origin, "sol")).call;
  const plain = { host: "127.0.0.1", security: "none", sender: "it@northwind.example" } as const;
  await sol(mails.setMailServer, { match: 1, body: { ...plain, port: post.port } });
  ada = (await signInTo(site.origin, "ada")).call;
  const [own] = (await ada(organisations.listOrganisations)).organisations;
  if (own === undefined) throw new Error("the example has an organisation");
  organisationId = own.id;
}, 180_000);

afterAll(async () => {
  await site.close();
  await post.stop();
});

async function paramsOf(name: string): Promise<{ organisationId: OrganisationId; userId: UserId }> {
  const { username } = exampleCredentials(name);
  const { users } = await ada(standings.listUsers, { params: { organisationId }, query: { limit: 200 } });
  const found = users.find((user) => user.username === username);
  if (found === undefined) throw new Error(`the example has no ${name}`);
  return { organisationId, userId: found.id };
}

/** The mail that comes for somebody, and the address behind its button. */
async function mailTo(name: string): Promise<{ mail: Taken["mail"]; path: string }> {
  const { username } = exampleCredentials(name);
  const taken = await vi.waitFor(
    () => {
      const found = post.taken.find(({ to }) => to.includes(username));
      if (found === undefined) throw new Error(`nothing came for ${name}`);
      return found;
    },
    { timeout: 20_000, interval: 100 },
  );
  const [, href = ""] = /<a href="([^"]+)"/.exec(taken.mail.html ?? "") ?? [];
  expect(href.startsWith(site.origin)).toBe(true);
  return { mail: taken.mail, path: href.slice(site.origin.length) };
}

test("who is invited presses the button of the mail, chooses a password and signs in", async () => {
  const params = await paramsOf("finn");
  await ada(invitations.inviteAccount, { params });
  const { mail, path } = await mailTo("finn");
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
  const params = await paramsOf("wim");
  const statusNow = async () => (await ada(accounts.showAccount, { params })).status;
  await site.visit("/re-enable", async (page) => {
    await page.getByLabel("Username").fill(exampleCredentials("wim").username);
    await press(page, "Send the mail");
    await page.getByRole("status").getByText("Look into your mails.").waitFor();
  });
  const { mail, path } = await mailTo("wim");
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

test.each(["light", "dark"] as const)("the page that asks for the mail is for everybody, %s", (scheme) =>
  expectAccessible(site, places, scheme),
);
