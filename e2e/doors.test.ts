// Who comes in, who sees what, and how one leaves again, in a real browser.

import { refusals } from "@lockstep/api";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { exampleCredentials } from "../apps/server/src/testing.ts";
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
} from "./browser.ts";
import { readExample } from "./example.ts";

let site: Site;
let home: string;
let pilots: string;
let ines: string;

beforeAll(async () => {
  site = await openSite({ example: true });
  const example = await readExample(site.origin);
  home = example.home;
  pilots = example.teamPath("Pilots");
  ines = example.userPath("Inês Duarte");
}, 180_000);

afterAll(() => site.close());

const menu = (page: Page) => page.getByRole("button", { name: /account and sign-out$/ });

test("who is not signed in comes to the door first, and then to the place that was asked for", async () => {
  await site.visit("/?status=active&search=e", async (page, forgive) => {
    await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    await signInAs(page, exampleCredentials("ada"));
    const address = new URL(page.url());
    expect([address.pathname, address.search]).toEqual(["/", "?status=active&search=e"]);
    await page.getByRole("rowheader", { name: "Émil Roche" }).waitFor();
    forgive(/401/);
  });
});

test("the way back leads to no other site", async () => {
  await site.visit("/sign-in?to=//elsewhere.example/", async (page) => {
    await signInAs(page, exampleCredentials("ada"));
    expect(page.url()).toBe(`${site.origin}/`);
  });
});

test("who cannot sign in is told why, in the server's words, and can try again", async () => {
  await site.visit("/sign-in", async (page, forgive) => {
    const { username } = exampleCredentials("ada");
    await page.getByLabel("Username").fill(username);
    await page.getByLabel("Password", { exact: true }).fill("not the password");
    await press(page, "Sign in");
    await page.getByRole("alert").getByText(refusals.sign_in_failed.title).waitFor();
    expect(await page.getByLabel("Username").inputValue()).toBe(username);
    expect(await page.getByLabel("Password", { exact: true }).inputValue()).toBe("");
    await signInAs(page, exampleCredentials("ada"));
    await page.getByRole("heading", { level: 1, name: "Users" }).waitFor();
    forgive(/401/);
  });
});

test("password stores know the fields, and the password can be looked at", async () => {
  await site.visit("/sign-in", async (page) => {
    const password = page.getByLabel("Password", { exact: true });
    expect(await page.getByLabel("Username").getAttribute("autocomplete")).toBe("username");
    expect(await password.getAttribute("autocomplete")).toBe("current-password");
    await password.fill("secret");
    await press(page, "Show the password");
    expect(await password.getAttribute("type")).toBe("text");
    await press(page, "Hide the password");
    expect(await password.getAttribute("type")).toBe("password");
  });
});

test("signing out ends the session everywhere: in this window, in the next, and for the server", async () => {
  const context = await site.open({ as: "ada" });
  const [here, there] = [await context.newPage(), await context.newPage()];
  await here.goto("/");
  await there.goto(pilots);
  await settled(here);
  await settled(there);
  const cookies = await context.cookies();
  await menu(here).click();
  await here.getByRole("button", { name: "Sign out", exact: true }).click();
  await here.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
  // The other window was not touched: it notices by itself.
  await there.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
  expect(await there.getByText("Pilots").count()).toBe(0);
  await context.addCookies(cookies);
  expect((await context.request.get("/api/v1/session")).status()).toBe(401);
  await here.goBack();
  await here.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
  await context.close();
});

test("a session that ends meanwhile leads to the door, and back to the same place", async () => {
  await site.visit(
    pilots,
    async (page, forgive) => {
      await page.context().clearCookies();
      await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
      await signInAs(page, exampleCredentials("ada"));
      await page.getByRole("heading", { level: 1, name: "Pilots" }).waitFor();
      forgive(/401/);
    },
    { as: "ada" },
  );
});

test("the helpdesk sees everything of the organisation and nothing to change it with", async () => {
  // What changes nothing: looking at more, and what is one's own.
  const harmless = /^(Colours: |Empty the search|Show more|All teams|Teams below|.*account and sign-out$)/;
  for (const room of [
    "/",
    `${home}/teams`,
    pilots,
    `${home}/keys`,
    `${home}/licences`,
    `${home}/workstation-teams`,
    ines,
  ]) {
    const look = async (page: Page) => {
      // What is grey says why, and does nothing.
      const usable = page.locator(":not([aria-disabled=true])");
      const buttons = await page.getByRole("main").getByRole("button").and(usable).all();
      const names = await Promise.all(
        buttons.map(
          async (button) => (await button.getAttribute("aria-label")) ?? (await button.innerText()),
        ),
      );
      expect(
        names.filter((name) => !harmless.test(name)),
        room,
      ).toEqual([]);
      expect(await page.getByRole("main").getByRole("switch").and(usable).count(), room).toBe(0);
      expect(await page.getByRole("main").getByRole("checkbox").count(), room).toBe(0);
      expect(await page.getByRole("link", { name: /Import|Installation/ }).count(), room).toBe(0);
    };
    await site.visit(room, look, { as: "emil" });
  }
});

test("who looks after nobody sees the own page, and no way to another one", async () => {
  const walk = async (page: Page) => {
    await page.waitForURL(`**${ines}`);
    await page.getByRole("heading", { level: 1, name: "Inês Duarte" }).waitFor();
    await section(page, "Why").waitFor();
    expect(await page.getByRole("navigation", { name: "Rooms" }).count()).toBe(0);
    expect(await page.getByRole("main").getByRole("link").count()).toBe(0);
  };
  await site.visit("/", walk, { as: "ines" });
});

test("a token is shown once, kept nowhere, and works until it is ended", async () => {
  const walk = async (page: Page) => {
    await menu(page).click();
    await page.getByRole("link", { name: "Your account" }).click();
    await press(page, "Make a token");
    await dialog(page).getByLabel("Name").fill("Nightly report");
    await press(page, "Make the token");
    const secret = await dialog(page).getByRole("textbox", { name: "Token" }).inputValue();
    const asProgram = () =>
      fetch(`${site.origin}/api/v1/session`, { headers: { authorization: `Bearer ${secret}` } });
    expect((await asProgram()).status).toBe(200);
    await press(page, "Done");
    await dialog(page).waitFor({ state: "hidden" });
    await page.getByText("Nightly report", { exact: true }).waitFor();
    const kept = () =>
      page.evaluate(() =>
        JSON.stringify([localStorage, sessionStorage, location.href, document.body.innerHTML]),
      );
    await expect.poll(kept).not.toContain(secret);

    await press(page, /^End the token Nightly report/);
    await dialog(page).getByRole("button", { name: "End the token" }).click();
    await page.getByText("Nightly report", { exact: true }).waitFor({ state: "hidden" });
    expect((await asProgram()).status).toBe(401);
  };
  await site.visit("/", walk, { as: "ada" });
});

test("a password is changed with the present one, and signs in from then on", async () => {
  const { username, password } = exampleCredentials("noor");
  await site.visit(
    "/account",
    async (page, forgive) => {
      await page.getByLabel("Present password").fill("not the password");
      await page.getByLabel("New password").fill("another long password");
      await press(page, "Change the password");
      await page.getByText(refusals.sign_in_failed.title).waitFor();
      await page.getByLabel("Present password").fill(password);
      await press(page, "Change the password");
      await page.getByText("The password is changed.").waitFor();
      forgive(/401/);
    },
    { as: "noor" },
  );
  await site.visit("/sign-in", async (page) => {
    await signInAs(page, { username, password: "another long password" });
    await page.getByRole("heading", { level: 1, name: "Users" }).waitFor();
  });
});

const places = (): Places => ({
  "sign-in": { address: "/sign-in", as: null },
  "one's own page": { address: ines, as: "ines" },
  "helpdesk's team": { address: pilots, as: "emil" },
  "helpdesk's import": { address: `${home}/import`, as: "emil" },
  menu: {
    address: "/account",
    reach: async (page) => {
      await menu(page).click();
      await page.getByRole("button", { name: "Sign out", exact: true }).waitFor();
    },
  },
  "token made": {
    address: "/account",
    reach: async (page) => {
      await press(page, "Make a token");
      await dialog(page).getByLabel("Name").fill("Nightly report");
      await press(page, "Make the token");
      await dialog(page).getByRole("textbox", { name: "Token" }).waitFor();
    },
  },
});

testForEverybody("the doors", () => ({ site, places: places() }));
