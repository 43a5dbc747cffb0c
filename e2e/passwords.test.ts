// Forgotten passwords, in a real browser with the mails of a real server; guessing; and where one is signed in.

import { accounts, type Call } from "@lockstep/api";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

import { exampleCredentials } from "../apps/server/src/testing.ts";
import {
  dialog,
  press,
  section,
  settled,
  signInAs,
  testForEverybody,
  type Places,
  type Site,
} from "./browser.ts";
import { openMailedSite, type MailedSite } from "./mailed.ts";

let mailed: MailedSite;
let site: Site;
let ada: Call;
const chosen = "other words, and quite a few";

beforeAll(async () => {
  mailed = await openMailedSite();
  ({ site, ada } = mailed);
}, 180_000);

afterAll(() => mailed.close());

async function ask(page: Page, username: string): Promise<void> {
  await page.getByLabel("Username").fill(username);
  await press(page, "Send the mail");
  await page.getByRole("status").getByText("Look into your mails.").waitFor();
}

async function fillIn(page: Page, username: string, password: string): Promise<void> {
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await press(page, "Sign in");
}

test("a password is forgotten: from signing in to the mail, its page, and signing in with the new one", async () => {
  const { username } = exampleCredentials("emil");
  await site.visit("/sign-in", async (page) => {
    await page.getByRole("link", { name: "Forgot your password?" }).click();
    await ask(page, username);
    // Nobody learns whether there is such a name.
    await ask(page, "nobody at all");
  });
  const path = mailed.buttonOf(await mailed.mailTo("emil", "Choose another password"));
  await site.visit(path, async (page, forgive) => {
    await page.getByText(`The account ${username} of Northwind Air.`).waitFor();
    expect(page.url()).toBe(`${site.origin}/reset-password`);
    await page.getByLabel("New password").fill("password1234");
    await press(page, "Change the password");
    await page.getByRole("alert").getByText("among the first that are guessed").waitFor();
    forgive(/400/);
    await page.getByLabel("New password").fill(chosen);
    await press(page, "Change the password");
    await page.getByText("Your password is changed.").waitFor();
    await page.getByRole("link", { name: "Sign in" }).click();
    await settled(page);
    await signInAs(page, { username, password: chosen });
  });
  const told = await mailed.mailTo("emil", "Your password was changed");
  expect(told.text).toContain(`the password of your account ${username} of Northwind Air was changed`);
  expect(mailed.buttonOf(told)).toBe("/forgot-password");
  await site.visit(path, async (page, forgive) => {
    await page.getByRole("alert").getByText("This link does not work").waitFor();
    forgive(/404/);
  });
});

test("who is blocked asks and is told by mail whom to ask, without a link; who is pending is led to activate", async () => {
  for (const name of ["vera", "cleo"]) {
    await site.visit("/forgot-password", (page) => ask(page, exampleCredentials(name).username));
  }
  const blocked = await mailed.mailTo("vera", "Your account is blocked");
  expect(blocked.text).toContain("Whom to ask: ");
  expect(`${blocked.text ?? ""}${blocked.html ?? ""}`).not.toMatch(/href|https?:/);
  const path = mailed.buttonOf(await mailed.mailTo("cleo", "Activate your account"));
  await site.visit(path, async (page) => {
    await page.getByLabel("Password", { exact: true }).fill(chosen);
    await press(page, "Activate");
    await page.getByText("Your account is active.").waitFor();
  });
});

test("strangers who guess are stopped, and the browser in which the user has signed in before is not", async () => {
  const { username, password } = exampleCredentials("noor");
  const known = await site.open({ as: "noor" });
  const tooMany = "Too many passwords were wrong.";
  await site.visit("/sign-in", async (page, forgive) => {
    for (let nth = 0; nth <= 10; nth++) {
      await fillIn(page, username, `wrong ${nth}`);
      const says = nth < 10 ? "Username or password is not right." : tooMany;
      await page.getByRole("alert").getByText(says).waitFor();
      await page.getByRole("button", { name: "Sign in" }).and(page.locator(":not([data-loading])")).waitFor();
    }
    await fillIn(page, username, password);
    await page.getByRole("alert").getByText(tooMany).waitFor();
    forgive(/401|429/);
  });
  const page = await known.newPage();
  await page.goto("/account");
  await settled(page);
  await page.getByRole("button", { name: /account and sign-out$/ }).click();
  await press(page, "Sign out");
  await page.waitForURL(/sign-in/);
  await signInAs(page, { username, password });
  await known.close();
});

test("one sees where one is signed in, ends one of them, and then all others", async () => {
  const contexts = [await site.open({ as: "ada" }), await site.open({ as: "ada" })];
  const statusIn = async (at: number) => (await contexts[at]?.request.get("/api/v1/session"))?.status();
  await site.visit(
    "/account",
    async (page) => {
      const browsers = section(page, "Signed in");
      await browsers.getByText("this one").waitFor();
      const before = await browsers.getByRole("listitem").count();
      expect(before).toBeGreaterThanOrEqual(3);
      await browsers.getByRole("button", { name: "Sign out in " }).first().click();
      await vi.waitFor(async () => {
        expect(await browsers.getByRole("listitem").count()).toBe(before - 1);
      });
      expect([await statusIn(0), await statusIn(1)].sort()).toEqual([200, 401]);
      await press(page, "Sign out everywhere else");
      await dialog(page).getByRole("button", { name: "Sign out there" }).click();
      await dialog(page).waitFor({ state: "hidden" });
      await vi.waitFor(async () => {
        expect(await browsers.getByRole("listitem").count()).toBe(1);
      });
      expect([await statusIn(0), await statusIn(1)]).toEqual([401, 401]);
    },
    { as: "ada" },
  );
  for (const context of contexts) await context.close();
});

test("a token that is made for reading says so, and changes nothing", async () => {
  await site.visit(
    "/account",
    async (page) => {
      await press(page, "Make a token");
      await dialog(page).getByLabel("Name").fill("Report");
      await dialog(page).getByLabel("It may").selectOption("reading");
      await press(page, "Make the token");
      await dialog(page).getByText("whoever has it reads as you").waitFor();
      await press(page, "Done");
      await section(page, "Tokens").getByText("reads only").waitFor();
    },
    { as: "mia" },
  );
});

test("an administrator sees that passwords are refused, and the status stays as it is", async () => {
  const params = await mailed.paramsOf("ines");
  const { username } = exampleCredentials("ines");
  const guess = () =>
    fetch(`${site.origin}/api/v1/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ username, password: "wrong" }),
    });
  for (let nth = 0; nth <= 10; nth++) await guess();
  const { status, signInLockedUntil } = await ada(accounts.showAccount, { params });
  expect(status).toBe("enabled");
  expect(Date.parse(signInLockedUntil ?? "")).toBeGreaterThan(Date.now());
});

const places: Places = {
  "a forgotten password": { address: "/forgot-password", as: null },
  "one's own account": { address: "/account" },
  "signing out everywhere else": {
    address: "/account",
    reach: async (page) => {
      await press(page, "Sign out everywhere else");
      await dialog(page).waitFor();
    },
  },
};

describe("while somebody is signed in twice", () => {
  let another: BrowserContext;
  beforeAll(async () => {
    another = await site.open({ as: "mia" });
  });
  afterAll(() => another.close());

  testForEverybody("passwords and browsers", () => ({ site, places }));
});
