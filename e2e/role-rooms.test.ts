// Journeys through the page of roles, in a real browser, against the real server with the example.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { dialog, openSite, press, section, settled, type Site } from "./browser.ts";
import { readExample, type Example } from "./example.ts";

let site: Site;
let example: Example;

beforeAll(async () => {
  site = await openSite({ example: true });
  example = await readExample(site.origin);
}, 180_000);

afterAll(() => site.close());

const rolesPage = () => `${example.home}/accounts/roles`;
const holder = (page: Page, name: string) => section(page, "Who holds a role").getByRole("row", { name });
const withdrawFrom = (page: Page, name: string, role: string) =>
  page.getByRole("button", { name: `Withdraw ${role}: ${name}` });

async function choosePerson(page: Page, name: string): Promise<void> {
  const field = dialog(page).getByRole("combobox", { name: "Person", exact: true });
  await field.fill(name);
  await page.getByRole("option", { name: new RegExp(`^${name}`) }).click();
}

async function confirm(page: Page, action: string): Promise<void> {
  await dialog(page).getByRole("button", { name: action, exact: true }).click();
  await dialog(page).waitFor({ state: "hidden" });
}

test("a manager grants a role to somebody of the organisation and withdraws it; the timeline has both", async () => {
  await site.visit(
    rolesPage(),
    async (page, forgive) => {
      await press(page, "Grant a role");
      await dialog(page).getByText("Reads everything of the organisation").waitFor();
      const grant = dialog(page).getByRole("button", { name: "Grant the role", exact: true });
      expect(await grant.isDisabled()).toBe(true);
      await choosePerson(page, "Vera Simic");
      await grant.click();
      await dialog(page).getByText("The account is blocked or disabled.").waitFor();
      await choosePerson(page, "Bo Lindqvist");
      await confirm(page, "Grant the role");
      await holder(page, "Bo Lindqvist").getByText("Helpdesk", { exact: true }).waitFor();

      await withdrawFrom(page, "Bo Lindqvist", "helpdesk").click();
      await dialog(page).getByText("goes on without the role").waitFor();
      await confirm(page, "Withdraw the role");
      await holder(page, "Bo Lindqvist").waitFor({ state: "detached" });

      await page.goto(example.userPath("Bo Lindqvist"));
      await settled(page);
      const told = section(page, "Timeline");
      await told.getByText("The user was made helpdesk in Northwind Air.").waitFor();
      await told.getByText("The user is no longer helpdesk in Northwind Air.").waitFor();
      forgive(/409/);
    },
    { as: "ada" },
  );
});

test("somebody of the authority's office is made a manager, and the last one's button is grey and says why", async () => {
  await site.visit(
    rolesPage(),
    async (page) => {
      await press(page, "Grant a role");
      await dialog(page).getByLabel("Lives in").selectOption({ label: "Civil Aviation Authority office" });
      await choosePerson(page, "Noor Haddad");
      await dialog(page).getByRole("radio", { name: "Organisation manager" }).check();
      await dialog(page).getByText("Does everything in the organisation").waitFor();
      await confirm(page, "Grant the role");
      await holder(page, "Noor Haddad").getByText("Lives in the office above.").waitFor();
      for (const name of ["Noor Haddad", "Ada Holm"]) {
        await withdrawFrom(page, name, "organisation manager").click();
        await confirm(page, "Withdraw the role");
        await holder(page, name).waitFor({ state: "detached" });
      }
      const last = withdrawFrom(page, "Mia Holt", "organisation manager");
      await expect.poll(() => last.getAttribute("aria-disabled")).toBe("true");
      const why = (await last.getAttribute("aria-describedby")) ?? "";
      expect(await page.locator(`[id="${why}"]`).textContent()).toContain("Appoint somebody first.");
      await last.press("Enter");
      expect(await dialog(page).count()).toBe(0);
      // The next journeys find her in her role again.
      await press(page, "Grant a role");
      await choosePerson(page, "Ada Holm");
      await dialog(page).getByRole("radio", { name: "Organisation manager" }).check();
      await confirm(page, "Grant the role");
      await expect.poll(() => last.getAttribute("aria-disabled")).toBe(null);
    },
    { as: "mia" },
  );
});

test("whoever gives back the own role sees at once that it is gone", async () => {
  await site.visit(
    rolesPage(),
    async (page, forgive) => {
      await withdrawFrom(page, "Ada Holm", "organisation manager").click();
      await dialog(page).getByText("You cannot give it back to yourself.").waitFor();
      await dialog(page).getByRole("button", { name: "Withdraw the role", exact: true }).click();
      await page.getByText("Your role does not allow this").first().waitFor();
      // Nothing on the page asks once more after this.
      await page.goto("about:blank");
      forgive(/403/);
    },
    { as: "ada" },
  );
});

test("the helpdesk sees who holds which role, and that it grants and withdraws none", async () => {
  await site.visit(
    rolesPage(),
    async (page) => {
      await holder(page, "Mia Holt").waitFor();
      const buttons = page.locator("main").getByRole("button", { name: /^(Grant a role|Withdraw )/ });
      const states = await buttons.evaluateAll((all) =>
        all.map((each) => each.getAttribute("aria-disabled")),
      );
      expect(states.length).toBeGreaterThan(2);
      expect(new Set(states)).toEqual(new Set(["true"]));
    },
    { as: "emil" },
  );
});
