// How people of an organisation sign in, as those who administer it see and change it: in a real browser, with a real
// provider.

import { accounts, organisations, secondFactors, singleSignOn, type Call } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { codeAt } from "../apps/server/src/second-factors/testing.ts";
import { startProvider, type TestProvider } from "../apps/server/src/single-sign-on/testing/provider.ts";
import { exampleCredentials, signInTo } from "../apps/server/src/testing.ts";
import { dialog, openSite, press, section, signInAs, type Site, type Walk } from "./browser.ts";
import { readExample, type Example } from "./example.ts";

let site: Site;
let provider: TestProvider;
let example: Example;
let ada: Call;
let organisationId: OrganisationId;

beforeAll(async () => {
  site = await openSite({ example: true });
  provider = await startProvider(`${site.origin}/sign-in/return`);
  example = await readExample(site.origin);
  ada = (await signInTo(site.origin, "ada")).call;
  const [own] = (await ada(organisations.listOrganisations)).organisations;
  if (own === undefined) throw new Error("ada manages one");
  organisationId = own.id;
}, 300_000);

afterAll(async () => {
  await provider.stop();
  await site.close();
});

const long = 120_000;
const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name }).waitFor();
const settings = () => `${example.home}/accounts/single-sign-on`;
const visit = (address: string, walk: Walk, as = "ada") => site.visit(address, walk, { as });

async function addProvider(): Promise<void> {
  const { revision } = await ada(singleSignOn.showSingleSignOn, { params: { organisationId } });
  await ada(singleSignOn.setSingleSignOn, {
    params: { organisationId },
    match: revision,
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
}

async function setUpFactorOf(name: string): Promise<void> {
  const { password } = exampleCredentials(name);
  const { call } = await signInTo(site.origin, name);
  const { secret } = await call(secondFactors.startSecondFactor, { body: { password } });
  await call(secondFactors.confirmSecondFactor, { body: { code: codeAt(secret, new Date()) } });
}

/** At the provider's own page. */
async function comeBy(page: Page, name: string): Promise<void> {
  await page.locator("input[name=login]").fill(`1~${exampleCredentials(name).username}`);
  await page.locator("input[name=password]").fill("any");
  await page.locator("button[type=submit]").click();
}

const expectSaved = (page: Page) => section(page, "Provider").getByText("Saved.", { exact: true }).waitFor();

test(
  "a manager tries a provider, adds it, and people sign in by it; the secret is never shown",
  async () => {
    await visit(settings(), async (page) => {
      const form = section(page, "Provider");
      await form.getByText("Not set up").waitFor();
      const address = page.getByRole("textbox", { name: "Redirect address" });
      expect(await address.inputValue()).toBe(`${site.origin}/sign-in/return`);
      await form.getByLabel("Issuer").fill(`${provider.issuer}/other`);
      await press(page, "Try it");
      await section(page, "Test").getByRole("alert").waitFor();
      await form.getByLabel("Issuer").fill(provider.issuer);
      await press(page, "Try it");
      await section(page, "Test").getByText("It can be used.").waitFor();
      await form.getByLabel("Name", { exact: true }).fill("Northwind Login");
      await form.getByLabel("Short name of the organisation").fill("Northwind");
      await form.getByText(`People begin at ${site.origin}/sign-in/northwind`).waitFor();
      await form.getByLabel("Client id").fill("lockstep");
      await form.getByLabel("Client secret").fill(provider.clientSecret);
      await press(page, "Save");
      await expectSaved(page);
      expect(await form.getByLabel("Client secret").inputValue()).toBe("");
      await form.getByText("On", { exact: true }).waitFor();
      const door = page.getByRole("textbox", { name: "Where people sign in" });
      expect(await door.inputValue()).toBe(`${site.origin}/sign-in/northwind`);
      await page.reload();
      await form.getByLabel("Client id").waitFor();
      expect(await page.content()).not.toContain(provider.clientSecret);
    });
    await site.visit("/sign-in/northwind", async (page, forgive) => {
      await press(page, "Continue with Northwind Login");
      await comeBy(page, "otto");
      await heading(page, "Otto Brandt");
      forgive(/./);
    });
  },
  long,
);

test(
  "it is changed twice in a row, switched off, and whoever was overtaken goes on from what the other made of it",
  async () => {
    await visit(settings(), async (page, forgive) => {
      const form = section(page, "Provider");
      const name = form.getByLabel("Name", { exact: true });
      await name.fill("Corp Login");
      await form.getByRole("switch", { name: "People sign in by it" }).click();
      await press(page, "Save");
      await expectSaved(page);
      await form.getByText("Off", { exact: true }).waitFor();
      await expect(
        ada(singleSignOn.findSingleSignOn, { params: { shortName: "northwind" } }),
      ).rejects.toThrow();
      await name.fill("Northwind Login");
      await form.getByRole("switch", { name: "People sign in by it" }).click();
      await press(page, "Save");
      await expectSaved(page);

      await name.fill("Mine");
      const { connection, revision } = await ada(singleSignOn.showSingleSignOn, {
        params: { organisationId },
      });
      if (connection === null) throw new Error("it was added");
      const body = { ...connection, name: "Theirs" };
      await ada(singleSignOn.setSingleSignOn, { params: { organisationId }, body, match: revision });
      await page.getByText("Somebody changed it meanwhile.").waitFor();
      await press(page, "Load it again");
      expect(await name.inputValue()).toBe("Mine");
      await press(page, "Save");
      await expectSaved(page);
      forgive(/412/);
    });
    const { connection } = await ada(singleSignOn.showSingleSignOn, { params: { organisationId } });
    expect(connection).toMatchObject({ name: "Mine", isOn: true });
  },
  long,
);

test(
  "another issuer takes the secret anew and says whom it concerns; what was forgotten begins from nothing",
  async () => {
    await visit(settings(), async (page) => {
      const form = section(page, "Provider");
      const secret = form.getByLabel("Client secret");
      expect(await secret.getAttribute("required")).toBe(null);
      await form.getByLabel("Issuer").fill("https://login.example.org");
      await form.getByText("1 person is linked anew.").waitFor();
      expect(await secret.getAttribute("required")).not.toBe(null);
      await press(page, "Forget the provider");
      await dialog(page).getByText("1 person has come by it so far").waitFor();
      await dialog(page).getByRole("button", { name: "Forget the provider" }).click();
      await dialog(page).waitFor({ state: "hidden" });
      await form.getByText("Not set up").waitFor();
      expect(await form.getByLabel("Issuer").inputValue()).toBe("");
    });
  },
  long,
);

test("the helpdesk sees the provider, and why it cannot change it", async () => {
  await visit(
    settings(),
    async (page) => {
      const change = section(page, "Provider").getByRole("button", { name: "Set it up" });
      expect(await change.getAttribute("aria-disabled")).toBe("true");
      await change.focus();
      await page.getByRole("tooltip").getByText("Your role does not allow this. It needs:").waitFor();
    },
    "emil",
  );
});

test(
  "an authority administrator requires a second factor and lets managers come by the provider, and sees whom it concerns",
  async () => {
    const rules = `${example.home}/accounts/rules`;
    const save = (page: Page) => page.getByRole("button", { name: "Save", exact: true });
    await visit(
      rules,
      async (page) => {
        const saved = () => section(page, "Rules").getByText("Saved.", { exact: true });
        const signIn = page.getByRole("radio", { name: /^Also managers and helpdesk/ });
        await signIn.check();
        await section(page, "Rules").getByRole("link", { name: "Ada Holm" }).waitFor();
        await page.getByLabel("Managers hear by mail what waits for them").selectOption("Once a day");
        await save(page).click();
        await saved().waitFor();
        // Once more, without loading the page again.
        await page.getByRole("radio", { name: /^Everybody needs one/ }).check();
        await section(page, "Rules")
          .getByText(/everybody of this organisation who has none/)
          .waitFor();
        await save(page).click();
        await saved().waitFor();
        const { secondFactor, singleSignOnFor, digest } = await ada(accounts.showAccountRules, {
          params: { organisationId },
        });
        expect({ secondFactor, singleSignOnFor, digest }).toEqual({
          secondFactor: "required",
          singleSignOnFor: "managers",
          digest: "daily",
        });
        await page.getByRole("radio", { name: /^Everybody decides alone/ }).check();
        await page.getByRole("radio", { name: /^Only who holds no role/ }).check();
        await save(page).click();
        await saved().waitFor();
      },
      "noor",
    );
    await visit(rules, async (page) => {
      await page.getByRole("radio", { name: /^Everybody needs one/ }).check();
      expect(await save(page).getAttribute("aria-disabled")).toBe("true");
      await save(page).hover();
      await page.getByRole("tooltip").getByText("It needs: system administrator").waitFor();
    });
  },
  long,
);

test(
  "somebody who has lost a second factor is helped from above, and unlinked from the provider",
  async () => {
    const account = (page: Page) => section(page, "Account");
    const button = (page: Page, name: string) => account(page).getByRole("button", { name, exact: true });
    const isGrey = (page: Page, name: string) => button(page, name).getAttribute("aria-disabled");
    const expectWhy = async (page: Page, name: string, why: string) => {
      await button(page, name).hover();
      await page.getByRole("tooltip").getByText(why).waitFor();
      expect(await isGrey(page, name)).toBe("true");
    };
    await setUpFactorOf("ines");
    await addProvider();
    await site.visit("/sign-in/northwind", async (page, forgive) => {
      await press(page, "Continue with Northwind Login");
      await comeBy(page, "otto");
      await heading(page, "Otto Brandt");
      forgive(/./);
    });
    await visit(example.userPath("Otto Brandt"), async (page) => {
      await account(page)
        .getByText(`Is 1~${exampleCredentials("otto").username} at`)
        .waitFor();
      await expectWhy(page, "Reset", "There is no second factor to reset.");
      await button(page, "Unlink").click();
      await dialog(page).getByRole("button", { name: "Unlink from the provider" }).click();
      await account(page).getByText("Has not come by the organisation’s provider.").waitFor();
      await section(page, "Timeline")
        .getByText(/provider/)
        .first()
        .waitFor();
    });
    await visit(
      example.userPath("Inês Duarte"),
      (page) => expectWhy(page, "Reset", "Your role does not allow this."),
      "emil",
    );
    await visit(example.userPath("Ada Holm"), (page) =>
      expectWhy(page, "Reset", "Nobody does this to themselves."),
    );
    await visit(example.userPath("Inês Duarte"), async (page) => {
      await button(page, "Reset").click();
      await dialog(page).getByText("The app and the recovery codes do not count any more").waitFor();
      await dialog(page).getByRole("button", { name: "Reset the second factor" }).click();
      await account(page).getByText("Without one the password alone signs in.").waitFor();
    });
    await site.visit("/sign-in", async (page) => {
      await signInAs(page, exampleCredentials("ines"));
      await heading(page, "Inês Duarte");
    });
  },
  long,
);
