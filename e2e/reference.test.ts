// The reference of the interface in a real browser, from the document that the real server gives.

import { endpoints, refusals } from "@lockstep/api";
import { policySettings } from "@lockstep/core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { openSite, press, testForEverybody, type Places, type Site } from "./browser.ts";

let site: Site;

beforeAll(async () => {
  site = await openSite({ example: true });
}, 180_000);

afterAll(() => site.close());

const read = (address: string, walk: (page: Page) => Promise<void>) =>
  site.visit(address, walk, { as: "mia" });

const operation = (page: Page, id: string) => page.locator(`details#${id}`);
const shown = (page: Page) => page.locator("details").evaluateAll((all) => all.map(({ id }) => id).sort());

test("every operation of the interface is there", async () => {
  await read("/reference", async (page) => {
    expect(await shown(page)).toEqual(Object.keys(endpoints).sort());
  });
});

test("an address that names an operation opens it: who may, what it takes and how it refuses", async () => {
  await read("/reference#setTeamPolicy", async (page) => {
    const named = operation(page, "setTeamPolicy");
    await named.getByText("organisation managers in their organisation").waitFor();
    const head = named.getByRole("heading", { level: 3 });
    await expect.poll(async () => (await head.boundingBox())?.y).toBeLessThan(450);
    const text = await named.innerText();
    expect(text).toContain("If-Match");
    expect(text).toContain(policySettings["sync.interval"].description);
    expect(text).toContain("5 to 1,440");
    expect(text).toContain(refusals.revision_changed.title);
    expect(text).toContain(`curl -X PUT "${site.origin}/api/v1/organisations/$organisationId/teams`);
  });
});

test("with the keyboard alone one finds an operation and opens it", async () => {
  await read("/reference", async (page) => {
    await page.keyboard.press("/");
    await page.keyboard.type("licence_suspended");
    await page.getByText("2 operations").waitFor();
    expect(await shown(page)).toEqual(["assignLicence", "replaceLicence"]);
    await operation(page, "assignLicence").locator("summary").focus();
    await page.keyboard.press("Enter");
    await operation(page, "assignLicence").getByText(refusals.licence_suspended.title).waitFor();
  });
});

test("a link to a shape leads to it", async () => {
  await read("/reference#renameTeam", async (page) => {
    await operation(page, "renameTeam").getByRole("link", { name: "Team", exact: true }).click();
    await expect.poll(() => page.url()).toMatch(/#Team$/);
    const shape = page.getByRole("region", { name: "Team", exact: true });
    await expect.poll(async () => (await shape.boundingBox())?.y).toBeLessThan(450);
  });
});

const openAll = async (page: Page) => {
  await press(page, "Open all");
  await page.getByRole("button", { name: "Close all" }).waitFor();
};

const places: Places = { "all of it": { address: "/reference", reach: openAll, within: "#teams" } };

testForEverybody("the reference", () => ({ site, places }));
