// A second factor and single sign-on as people meet them: in a real browser, with a real provider.

import { organisations, singleSignOn } from "@lockstep/api";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { codeAt } from "../apps/server/src/second-factors/testing.ts";
import { startProvider, type TestProvider } from "../apps/server/src/single-sign-on/testing/provider.ts";
import { exampleCredentials, signInTo } from "../apps/server/src/testing.ts";
import { openSite, press, section, testForEverybody, type Places, type Site } from "./browser.ts";

let site: Site;
let provider: TestProvider;

beforeAll(async () => {
  site = await openSite({ example: true });
  provider = await startProvider(`${site.origin}/sign-in/return`);
  const { call } = await signInTo(site.origin, "ada");
  const [own] = (await call(organisations.listOrganisations)).organisations;
  if (own === undefined) throw new Error("ada manages one");
  await call(singleSignOn.setSingleSignOn, {
    params: { organisationId: own.id },
    match: 1,
    body: {
      name: "Northwind Login",
      shortName: "northwind",
      issuer: provider.issuer,
      clientId: "lockstep",
      clientSecret: provider.clientSecret,
      claim: "preferred_username",
      isOn: true,
    },
  });
}, 300_000);

afterAll(async () => {
  await provider.stop();
  await site.close();
});

const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name }).waitFor();

async function firstStep(page: Page, name: string): Promise<void> {
  const { username, password } = exampleCredentials(name);
  await page.getByLabel("Username").fill(username);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await press(page, "Sign in");
}

test("whoever comes by the provider is signed in, and the address keeps nothing of it", async () => {
  await site.visit("/sign-in", async (page, forgive) => {
    await page.getByRole("link", { name: "Single sign-on" }).click();
    await page.getByLabel("Organisation").fill("Northwind");
    await press(page, "Go on");
    await comeBy(page, "otto");
    await heading(page, "Otto Brandt");
    expect(page.url()).not.toMatch(/code=|state=/);
    forgive(/./);
  });
}, 120_000);

async function comeBy(page: Page, name: string): Promise<void> {
  await press(page, "Continue with Northwind Login");
  await page.locator("input[name=login]").fill(`1~${exampleCredentials(name).username}`);
  await page.locator("input[name=password]").fill("any");
  await page.locator("button[type=submit]").click();
}

test("after the provider one comes to the address that one wanted, as after a password", async () => {
  await site.visit("/account", async (page, forgive) => {
    await heading(page, "Sign in");
    await page.getByRole("link", { name: "Single sign-on" }).click();
    await page.getByLabel("Organisation").fill("Northwind");
    await press(page, "Go on");
    await comeBy(page, "otto");
    await page.waitForURL(`${site.origin}/account`);
    await section(page, "Second factor").waitFor();
    forgive(/./);
  });
}, 120_000);

test("the way back from the provider leads to no other site", async () => {
  for (const to of ["//elsewhere.example/", "https://elsewhere.example/", "/%09/elsewhere.example"]) {
    await site.visit(`/sign-in/northwind?to=${to}`, async (page, forgive) => {
      await comeBy(page, "otto");
      await heading(page, "Otto Brandt");
      expect(new URL(page.url()).origin).toBe(site.origin);
      expect(await page.evaluate(() => sessionStorage.getItem("lockstep-wanted"))).toBe(null);
      forgive(/./);
    });
  }
}, 120_000);

test("whoever sets up a second factor signs in with it, or with a recovery code", async () => {
  let recovery = "";
  let secret = "";
  await site.visit(
    "/account",
    async (page) => {
      await section(page, "Second factor").getByRole("link", { name: "Set it up" }).click();
      await page.getByLabel("Your password once more").fill(exampleCredentials("ines").password);
      await press(page, "Go on");
      await page.getByRole("img", { name: "What your authenticator app reads" }).waitFor();
      await page.getByText("Without a camera").click();
      secret = await page.getByRole("textbox", { name: "The key to type into the app" }).inputValue();
      await page.getByLabel("Code", { exact: true }).fill(codeAt(secret, new Date()));
      await press(page, "Confirm");
      await heading(page, "Recovery codes");
      recovery = await page.getByRole("listitem").first().innerText();
      await press(page, "I have kept them");
      await section(page, "Second factor").getByText("Recovery codes left").waitFor();
    },
    { as: "ines" },
  );
  await site.visit("/sign-in", async (page, forgive) => {
    await firstStep(page, "ines");
    await heading(page, "Second step");
    await page.getByLabel("Code", { exact: true }).fill("000000");
    await press(page, "Sign in");
    await page.getByText("This code is not right, or was used already.").waitFor();
    await press(page, "Use a recovery code");
    await page.getByLabel("Recovery code").fill(recovery.toLowerCase());
    await press(page, "Sign in");
    await heading(page, "Inês Duarte");
    forgive(/401/);
  });
}, 120_000);

const places = (): Places => ({
  "by organisation": { address: "/sign-in/by-organisation", as: null },
  provider: { address: "/sign-in/northwind", as: null },
  "second factor": { address: "/second-factor", as: "noor" },
  "own account": { address: "/account", as: "noor" },
  "app to scan": {
    address: "/second-factor",
    as: "noor",
    reach: async (page) => {
      await page.getByLabel("Your password once more").fill(exampleCredentials("otto").password);
      await press(page, "Go on");
      await page.getByRole("img", { name: "What your authenticator app reads" }).waitFor();
    },
  },
});

testForEverybody("the second step", () => ({ site, places: places() }));
