// Journeys through the console in a real browser, against the real server with the example organisation.

import type { UserRow } from "@lockstep/api";
import { encryptionStatuses, type EncryptionStatus } from "@lockstep/core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import {
  openSite,
  section,
  settled,
  testForEverybody,
  type Places,
  type Site,
  type Walk,
} from "./browser.ts";
import { readExample, type Example } from "./example.ts";

const statuses = Object.keys(encryptionStatuses) as EncryptionStatus[];

let site: Site;
let journey: Example;

beforeAll(async () => {
  site = await openSite({ example: true });
  journey = await readExample(site.origin);
}, 180_000);

afterAll(() => site.close());

const visit = (address: string, walk: Walk) => site.visit(address, walk, { as: "ada" });

/** The way to the list of one status, which carries its count. */
const tile = (page: Page, label: string) =>
  page
    .getByRole("navigation", { name: "Users by status" })
    .getByRole("link", { name: new RegExp(`^\\d+ ?${label}$`) });

async function countOn(page: Page, label: string): Promise<number> {
  return Number.parseInt(await tile(page, label).innerText(), 10);
}

/** Names in the list with their statuses. */
async function rowsOn(page: Page): Promise<string[]> {
  const rows = await page.getByRole("table", { name: "Users by name" }).getByRole("row").all();
  const texts = rows.slice(1).map(async (row) => {
    // Before it is the box to choose the user with.
    const status = await row.getByRole("cell").nth(1).innerText();
    return `${await row.getByRole("rowheader").innerText()}: ${status}`;
  });
  return Promise.all(texts);
}

const asRow = ({ name, encryption }: UserRow) => `${name}: ${encryptionStatuses[encryption].label}`;
const red = encryptionStatuses["update-required"].label;

test("a policy change turns a team red on the page, and undoing it turns everybody back", async () => {
  const overview = `/?team=${journey.teamPath("IT").split("/").at(-1) ?? ""}`;
  await visit(overview, async (list) => {
    const before = await rowsOn(list);
    expect(before.join()).not.toContain(red);

    await visit(journey.teamPath("IT"), async (team) => {
      await team.getByRole("combobox", { name: "removable-media.mode" }).selectOption("block");
      // Nothing can be saved before its impact is on the screen.
      const impact = section(team, "Impact");
      const line = impact.getByRole("row", { name: new RegExp(red) });
      await line.filter({ hasText: `+${before.length}` }).waitFor();
      await impact.getByText(/It would take \d+ Key-Files/).waitFor();
      await impact.getByRole("button", { name: "Save" }).click();
      await impact.getByText("Saved as revision").waitFor();
      expect(await countOn(team, red)).toBe(before.length);

      // The other page was not touched: it comes by itself.
      await tile(list, red)
        .filter({ hasText: String(before.length) })
        .waitFor();
      expect(await rowsOn(list)).toEqual(before.map((row) => row.replace(/: .*/, `: ${red}`)));

      await impact.getByRole("button", { name: "Undo" }).click();
      await impact.getByText("As in revision").waitFor();
      expect(await countOn(team, red)).toBe(0);
    });

    await tile(list, red).filter({ hasText: /^0/ }).waitFor();
    expect(await rowsOn(list)).toEqual(before);
  });
});

test("a revision can be gone back to after looking at what that would do", async () => {
  await visit(journey.teamPath("Cabin Crew"), async (page) => {
    const before = await countOn(page, red);
    await page.getByRole("button", { name: "Undo revision 3" }).click();
    const dialog = page.getByRole("dialog", { name: "Go back to revision 2" });
    await dialog.getByRole("listitem").filter({ hasText: "removable-media.mode" }).waitFor();
    await dialog.getByRole("row", { name: new RegExp(red) }).waitFor();
    await dialog.getByRole("button", { name: "Go back" }).click();
    await dialog.waitFor({ state: "hidden" });
    await page.getByText("As in revision 2 again.").waitFor();
    expect(await countOn(page, red)).not.toBe(before);

    await page.getByRole("button", { name: "Revert to this: revision 3" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Go back" }).click();
    await page.getByText("As in revision 3 again.").waitFor();
    expect(await countOn(page, red)).toBe(before);
  });
});

test("who is overtaken while editing is told so, and keeps the changes", async () => {
  const edit = (page: Page, days: string) =>
    page.getByLabel("offline.warn-after", { exact: true }).fill(days);
  const save = (page: Page) => section(page, "Impact").getByRole("button", { name: "Save" }).click();
  await visit(journey.teamPath("Pilots"), async (slow) => {
    await edit(slow, "5");
    await visit(journey.teamPath("Pilots"), async (quick) => {
      await edit(quick, "9");
      await save(quick);
      await quick.getByText("Saved as revision").waitFor();
    });
    await slow.getByText("Somebody changed the team meanwhile.").waitFor();
    await slow.getByRole("button", { name: "Load it again" }).click();
    await slow.getByText("was 9 days").waitFor();
    expect(await slow.getByLabel("offline.warn-after", { exact: true }).inputValue()).toBe("5");
    await save(slow);
    await slow.getByText("Saved as revision").waitFor();
  });
});

test("every one of the seven colours is on the page with its count, and the list of each shows its people", async () => {
  const { counts, users } = await journey.list();
  await visit("/", async (page) => {
    const colours = new Set<string>();
    for (const status of statuses) {
      const { label } = encryptionStatuses[status];
      expect(counts.encryption[status], `somebody is ${label}`).toBeGreaterThan(0);
      expect(await countOn(page, label)).toBe(counts.encryption[status]);
      await tile(page, label).click();
      await page.waitForURL(`**/?status=${status}`);
      await settled(page);
      expect(await rowsOn(page)).toEqual(users.filter(({ encryption }) => encryption === status).map(asRow));
      const mark = page.getByRole("table").locator("svg[data-encryption]").first();
      colours.add(await mark.evaluate((svg) => getComputedStyle(svg).color));
    }
    expect(colours.size).toBe(7);
  });
});

test("the list is filtered by team, account and the beginning of a name, and the address remembers it", async () => {
  await visit("/", async (page) => {
    await page.keyboard.press("/");
    await page.keyboard.type("émi");
    await page.waitForURL(/search=/);
    await settled(page);
    expect(await rowsOn(page)).toEqual(["Émil Roche: Active"]);
    await page.keyboard.press("Escape");
    await page.waitForURL((url) => !url.searchParams.has("search"));

    await page.getByRole("combobox", { name: "Team" }).click();
    await page.getByRole("option", { name: "Flight Operations" }).click();
    await page.waitForURL(/team=/);
    await page.getByRole("switch", { name: "with sub-teams" }).click({ force: true });
    await page.getByText("Nobody is here yet.").waitFor();
    await page.goBack();
    await page.getByRole("combobox", { name: "Account status" }).selectOption("blocked");
    await page.waitForURL(/account=blocked/);
    await page.reload();
    await settled(page);
    expect(await rowsOn(page)).toEqual(["Xara Quint: No licence", "Yan Zhou: No licence"]);
  });
});

test("a long list is read page by page, and stays in order", async () => {
  const { users } = await journey.list();
  await visit("/nothing", async (page) => {
    await page.route(/\/users(\?.*)?$/, (route) => {
      const url = new URL(route.request().url());
      url.searchParams.set("limit", "10");
      return route.continue({ url: url.href });
    });
    await page.goto("/");
    await page.getByText(`10 of ${users.length} users`).waitFor();
    await page.getByRole("button", { name: "Show more" }).click();
    await page.getByText(`20 of ${users.length} users`).waitFor();
    expect(await rowsOn(page)).toEqual(users.slice(0, 20).map(asRow));
    await page.getByRole("rowheader").nth(9).getByRole("link").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: users[10]?.name ?? "" }).waitFor();
  });
});

test("when the server is gone, the page says so and keeps what it showed", async () => {
  await visit("/", async (page, forgive) => {
    const before = await rowsOn(page);
    await page.route("**/api/**", (route) => route.abort());
    await page.getByText("The server cannot be reached.").waitFor();
    await page.getByText("Not live").waitFor();
    expect(await rowsOn(page)).toEqual(before);
    await page.unroute("**/api/**");
    await page.getByText("The server cannot be reached.").waitFor({ state: "hidden" });
    forgive(/ERR_FAILED/);
  });
});

test("one user's page says why and what next", async () => {
  await visit("/", async (page) => {
    await page.getByRole("rowheader", { name: "Vera Simic" }).getByRole("link").click();
    await page.getByRole("heading", { level: 1, name: "Vera Simic" }).waitFor();
    await page.getByText(/^since \d/).waitFor();
    const why = section(page, "Why");
    await why.getByText("An administrator blocked the account.").waitFor();
    await why.getByText("WS-FI-5 holds the key Finance in version 1 and should have 2.").waitFor();
    const steps = await section(page, "What next").getByRole("listitem").allInnerTexts();
    expect(steps[0]).toMatch(/^Administrator\s+Unblock the account/);
    expect(steps[1]).toMatch(/^Administrator\s+Check the difference, then post a Key-File/);
    await section(page, "Workstations").getByText("Differs").waitFor();
    await section(page, "Timeline").getByText("The account was blocked.").waitFor();
  });
});

test("an address that names nobody says so", async () => {
  await visit("/", async (page) => {
    await page.goto("/organisations/none/users/none");
    await page.getByText("There is nothing at this address.").waitFor();
  });
});

const places = (): Places => ({
  overview: { address: "/" },
  "choice of teams": {
    address: "/",
    reach: async (page) => {
      await page.getByRole("combobox", { name: "Team" }).click();
      await page.getByRole("option", { name: "Finance" }).waitFor();
    },
  },
  "nothing there": { address: "/organisations/none/users/none" },
  "empty list": { address: "/?search=nobody-is-called-so" },
  user: { address: journey.userPath("Nora Lund") },
  team: { address: journey.teamPath("Cabin Crew") },
  "change to a policy": {
    address: journey.teamPath("IT"),
    reach: async (page) => {
      await page.getByLabel("password.min-length", { exact: true }).fill("20");
      await section(page, "Impact").getByRole("table").waitFor();
      await page.getByLabel("sync.interval", { exact: true }).fill("1");
      await page.getByText("from 5 to 1440 minutes").waitFor();
    },
  },
  "going back": {
    address: journey.teamPath("Cabin Crew"),
    reach: async (page) => {
      await page.getByRole("button", { name: "Revert to this: revision 2" }).click();
      await page.getByRole("dialog").getByRole("table").waitFor();
    },
  },
});

testForEverybody("the console", () => ({ site, places: places() }));
