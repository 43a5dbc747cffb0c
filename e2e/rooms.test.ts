// Journeys through the rooms of an organisation, in a real browser, against the real server with the example.

import { encryptionStatuses } from "@lockstep/core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { dialog, openSite, press, section, settled, type Site, type Walk } from "./browser.ts";
import { readExample, type Example } from "./example.ts";

let site: Site;
let example: Example;

beforeAll(async () => {
  site = await openSite({ example: true });
  example = await readExample(site.origin);
}, 180_000);

afterAll(() => site.close());

const visit = (address: string, walk: Walk) => site.visit(address, walk, { as: "mia" });
const inDialog = (page: Page, name: string | RegExp) => dialog(page).getByRole("button", { name });
const isClosed = (page: Page) => dialog(page).waitFor({ state: "hidden" });
const red = encryptionStatuses["update-required"].label;

async function choose(page: Page, label: string, option: string): Promise<void> {
  await dialog(page).getByRole("combobox", { name: label }).click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

/** Presses what the dialog ends in. */
async function confirm(page: Page, action: string): Promise<void> {
  await inDialog(page, action).click();
  await isClosed(page);
}

test("a team is made, renamed, moved after a look at what that would change, and deleted", async () => {
  await visit(`${example.home}/teams`, async (page) => {
    await press(page, "New team");
    await dialog(page).getByLabel("Name").fill("Dispatch");
    await choose(page, "Below", "Flight Operations");
    await confirm(page, "Make the team");
    await page.getByRole("link", { name: "Dispatch", exact: true }).click();
    await page.getByRole("heading", { level: 1, name: "Dispatch" }).waitFor();

    await press(page, "Rename");
    await dialog(page).getByLabel("Name").fill("Network Control");
    await confirm(page, "Rename");
    await page.getByRole("heading", { level: 1, name: "Network Control" }).waitFor();

    await press(page, "Move");
    await choose(page, "Below", "Finance");
    await dialog(page).getByText("Keys added").waitFor();
    await dialog(page).getByText("Nobody's status changes.").waitFor();
    await confirm(page, "Move");
    await page.getByRole("navigation", { name: "Breadcrumbs" }).getByText("Finance").waitFor();

    await press(page, "Delete");
    await inDialog(page, "Delete the team").click();
    await page.getByRole("heading", { level: 1, name: "Teams" }).waitFor();
    await settled(page);
    expect(await page.getByRole("link", { name: "Network Control" }).count()).toBe(0);
  });
});

test("what cannot be done to a team says why", async () => {
  await visit(example.teamPath("Northwind Air"), async (page) => {
    const button = page.getByRole("button", { name: "Delete" });
    expect(await button.getAttribute("aria-disabled")).toBe("true");
    await button.focus();
    await page.getByRole("tooltip").getByText("holds the organisation’s policy").waitFor();
    await button.press("Enter");
    expect(await dialog(page).count()).toBe(0);
  });
});

test("in the tree of teams the arrows go, fold and unfold", async () => {
  await visit(`${example.home}/teams`, async (page) => {
    const row = (name: string) => page.getByRole("link", { name, exact: true });
    await row("Northwind Air").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    expect(await row("Flight Operations").evaluate((link) => link === document.activeElement)).toBe(true);
    await page.keyboard.press("ArrowLeft");
    await row("Pilots").waitFor({ state: "hidden" });
    await page.keyboard.press("ArrowRight");
    await row("Pilots").waitFor();
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: "Northwind Air" }).waitFor();
  });
});

test("a group is given to a team after a look at whom that turns red, and taken away again", async () => {
  await visit(example.teamPath("Pilots"), async (page) => {
    const toggle = async () => {
      await press(page, "Edit the encryption groups");
      await dialog(page).getByRole("checkbox", { name: "Finance" }).click();
    };
    await toggle();
    await dialog(page).getByRole("row", { name: red }).filter({ hasText: "+2" }).waitFor();
    await confirm(page, "Save");
    await section(page, "Keys held").getByText("Finance").first().waitFor();
    await toggle();
    await dialog(page).getByRole("row", { name: red }).filter({ hasText: "−2" }).waitFor();
    await confirm(page, "Save");
    await expect.poll(() => section(page, "Keys held").getByText("Finance").count()).toBe(0);
  });
});

test("a person is added, edited, moved, given own keys, and removed by typing the username", async () => {
  await visit("/", async (page, forgive) => {
    await press(page, "Add a user");
    await dialog(page).getByLabel("Name", { exact: true }).fill("Somebody New");
    await dialog(page).getByLabel("Username").fill("ada@northwind.example");
    await inDialog(page, "Add the user").click();
    await dialog(page).getByText("This username was given before.").waitFor();
    await dialog(page).getByLabel("Username").fill("somebody");
    await choose(page, "Team", "Pilots");
    await inDialog(page, "Add the user").click();
    await page.getByRole("heading", { level: 1, name: "Somebody New" }).waitFor();

    await press(page, "Edit");
    await dialog(page).getByLabel("E-mail").fill("somebody@northwind.example");
    await confirm(page, "Save");
    await page.getByText("somebody@northwind.example").waitFor();

    await press(page, "Move");
    await choose(page, "To the team", "Cabin Crew");
    await dialog(page).getByRole("listitem").filter({ hasText: "removable-media.mode" }).waitFor();
    await confirm(page, "Move");
    await section(page, "User").getByRole("link", { name: "Cabin Crew" }).waitFor();

    await press(page, "Own groups");
    await dialog(page).getByRole("checkbox", { name: "Investigation" }).click();
    await confirm(page, "Save");
    await section(page, "Should hold").getByText("the user’s own").waitFor();

    await press(page, "Remove");
    expect(await inDialog(page, "Remove the user").isEnabled()).toBe(false);
    await dialog(page)
      .getByLabel(/^Type the username/)
      .fill("somebody");
    await inDialog(page, "Remove the user").click();
    await page.getByRole("heading", { level: 1, name: "Users" }).waitFor();
    await settled(page);
    expect(await page.getByRole("rowheader", { name: "Somebody New" }).count()).toBe(0);
    forgive(/409/);
    // The page that is left may ask once more for whoever is no more.
    forgive(/404/);
  });
});

test("to several users at once one gives seats and takes them back", async () => {
  await visit("/?status=unlicensed", async (page) => {
    await page.getByRole("checkbox", { name: "Choose Gus Petrov" }).click();
    await page.getByRole("checkbox", { name: "Choose Hana Sato" }).click();
    await page.getByText("2 users chosen").waitFor();
    await press(page, "Assign a licence");
    expect(
      await dialog(page)
        .getByRole("radio", { name: /has expired/ })
        .isDisabled(),
    ).toBe(true);
    await confirm(page, "Assign");
    await page.getByText("2 users chosen").waitFor({ state: "hidden" });
    await page.getByRole("rowheader", { name: "Gus Petrov" }).waitFor({ state: "hidden" });

    await page.goto("/");
    await page.getByRole("checkbox", { name: "Choose Gus Petrov" }).click();
    await page.getByRole("checkbox", { name: "Choose Hana Sato" }).click();
    await press(page, "Return seats");
    await dialog(page).getByText("light grey").waitFor();
    await confirm(page, "Return the seats");
    const gus = page.getByRole("row").filter({ hasText: "Gus Petrov" });
    await gus.getByText(encryptionStatuses.unlicensed.label).waitFor();
  });
});

test("rotating a key says first how many hold it, and then they are red", async () => {
  await visit(`${example.home}/keys`, async (page) => {
    await press(page, "Rotate: Investigation");
    await dialog(page).getByText("2 users of their own").waitFor();
    await confirm(page, "Rotate");
    await section(page, "Keys").getByText(/^v2\b/).nth(1).waitFor();
    await page.goto(example.userPath("Inês Duarte"));
    await page.locator("header").getByText(red).waitFor();
  });
});

test("a former version is retired, and the one in use is not", async () => {
  await visit(`${example.home}/keys`, async (page) => {
    await page.getByText("2 versions").first().click();
    const active = page.getByRole("button", { name: "Retire: Finance version 2" });
    expect(await active.getAttribute("aria-disabled")).toBe("true");
    await press(page, "Retire: Finance version 1");
    await confirm(page, "Retire it");
    await page.getByText("is held by no workstation").waitFor();
    await press(page, "Take back: Finance version 1");
    await confirm(page, "Take it back");
    await page.getByText("is held by no workstation").waitFor({ state: "hidden" });
  });
});

test("a licence is suspended after a look at who would lose a seat, and resumed", async () => {
  await visit(`${example.home}/licences`, async (page) => {
    const card = page.getByRole("listitem").filter({ hasText: "Subscription" });
    await card.getByRole("button", { name: /^Suspend/ }).click();
    const grey = dialog(page).getByRole("row", { name: encryptionStatuses.unlicensed.label });
    await grey.filter({ hasText: /\+\d+/ }).waitFor();
    await confirm(page, "Suspend the licence");
    await card.getByText("Suspended", { exact: true }).waitFor();
    await card.getByText("40 free").waitFor();
    const assign = card.getByRole("button", { name: /^Assign seats/ });
    expect(await assign.getAttribute("aria-disabled")).toBe("true");
    await card.getByRole("button", { name: /^Resume/ }).click();
    await confirm(page, "Resume the licence");
    await card.getByText("Valid").waitFor();
  });
});

const noticing = [
  {
    who: "the server, when it is saved",
    isCutOff: true,
    seats: "9",
    day: "2031-12-31",
    shown: "31 Dec 2031",
  },
  {
    who: "the page, before it is saved",
    isCutOff: false,
    seats: "8",
    day: "2032-12-31",
    shown: "31 Dec 2032",
  },
];

test.each(noticing)(
  "who is overtaken keeps what was entered, and saves it on top of the other change; noticed by $who",
  async ({ isCutOff, seats, day, shown }) => {
    const room = `${example.home}/licences`;
    const open = async (page: Page) => {
      const card = page.getByRole("listitem").filter({ hasText: "Trial" });
      await card.getByRole("button", { name: /^Edit/ }).click();
      await dialog(page).getByLabel("Seats").waitFor();
    };
    await visit(room, async (slow, forgive) => {
      await open(slow);
      await dialog(slow).getByLabel("Seats").fill(seats);
      if (isCutOff) await slow.route("**/licences", (route) => route.abort());
      await visit(room, async (quick) => {
        await open(quick);
        await dialog(quick).getByLabel("Last day").fill(day);
        await dialog(quick).getByRole("table").waitFor();
        await confirm(quick, "Save");
      });
      if (isCutOff) await inDialog(slow, "Save").click();
      await dialog(slow).getByText("Somebody changed it meanwhile.").waitFor();
      expect(await dialog(slow).getByLabel("Seats").inputValue()).toBe(seats);
      if (isCutOff) await slow.unroute("**/licences");
      else expect(await inDialog(slow, "Save").isEnabled()).toBe(false);
      await inDialog(slow, "Load it again").click();
      expect(await dialog(slow).getByLabel("Seats").inputValue()).toBe(seats);
      expect(await dialog(slow).getByLabel("Last day").inputValue()).toBe(day);
      await confirm(slow, "Save");
      await slow.getByText(`of ${seats} seats taken`).waitFor();
      await slow.getByText(shown).waitFor();
      forgive(/412|ERR_FAILED/);
    });
  },
);

test("a name that is taken, or a seat that is not there, is said where it was asked for", async () => {
  await visit(`${example.home}/keys`, async (page, forgive) => {
    await press(page, "New key");
    await dialog(page).getByLabel("Name").fill("Company");
    await inDialog(page, "Make the key").click();
    await dialog(page).getByRole("alert").getByText("There is another one of this name already.").waitFor();
    expect(await dialog(page).getByLabel("Name").inputValue()).toBe("Company");
    await page.keyboard.press("Escape");
    await isClosed(page);
    forgive(/409/);
  });
});

test("a dialog is worked with the keyboard alone, and gives the focus back", async () => {
  await visit(`${example.home}/keys`, async (page) => {
    const opener = page.getByRole("button", { name: "New group" });
    await opener.focus();
    await page.keyboard.press("Enter");
    await page.keyboard.type("Night shift");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    expect(await dialog(page).getByRole("checkbox", { name: "Company" }).isChecked()).toBe(true);
    await page.keyboard.press("Enter");
    await isClosed(page);
    expect(await opener.evaluate((button) => button === document.activeElement)).toBe(true);
    await section(page, "Groups").getByText("Night shift").waitFor();
  });
});

test("Escape closes an open list first, and with the dialog nothing is lost by accident", async () => {
  await visit(`${example.home}/teams`, async (page) => {
    await press(page, "New team");
    await dialog(page).getByLabel("Name").fill("Dispatch");
    await dialog(page).getByRole("combobox", { name: "Below" }).click();
    await page.getByRole("option", { name: "Pilots" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("option", { name: "Pilots" }).waitFor({ state: "hidden" });
    await page.mouse.click(5, 5);
    expect(await dialog(page).getByLabel("Name").inputValue()).toBe("Dispatch");
    await page.keyboard.press("Escape");
    await isClosed(page);
  });
});

test("what a workstation team sets holds below it", async () => {
  await visit(`${example.home}/workstation-teams`, async (page) => {
    await press(page, "New team below All workstations");
    await dialog(page).getByLabel("Name").fill("Cockpit");
    await confirm(page, "Make the team");
    await section(page, "Cockpit").waitFor();
    await page
      .getByRole("link", { name: /^All workstations/ })
      .first()
      .click();
    await page.getByLabel("silent.after", { exact: true }).fill("3");
    await press(page, "Save");
    await page.getByText("Saved as revision 2.").waitFor();
    await page.getByRole("link", { name: "Cockpit" }).click();
    await section(page, "Cockpit").getByText("Inherited from All workstations").waitFor();
    expect(await page.getByLabel("silent.after", { exact: true }).inputValue()).toBe("3");
    await press(page, "Delete Cockpit");
    await inDialog(page, "Delete the team").click();
    await page.getByRole("link", { name: "Cockpit" }).waitFor({ state: "hidden" });
  });
});

test("the installation gets another organisation, switches it off and on, and rotates its key", async () => {
  await visit("/installation", async (page) => {
    await press(page, "New organisation");
    await dialog(page).getByLabel("Name").fill("Cargo");
    await confirm(page, "Make the organisation");
    await press(page, "Switch off: Cargo");
    await confirm(page, "Switch it off");
    const row = page.getByRole("listitem").filter({ hasText: "Cargo" });
    await row.getByText("Switched off").waitFor();
    await press(page, "Switch on: Cargo");
    await confirm(page, "Switch it on");
    await row.getByText("Switched off").waitFor({ state: "hidden" });

    const sealing = section(page, "Key-encryption key");
    await sealing.getByRole("button", { name: "Rotate" }).click();
    await confirm(page, "Rotate");
    await sealing.getByText("2", { exact: true }).waitFor();

    await row.getByRole("link", { name: "Cargo" }).click();
    await page.getByText("Nobody is here yet.").waitFor();
  });
});

test("a reply that is lost on its way makes nothing twice", async () => {
  await visit(`${example.home}/keys`, async (page, forgive) => {
    await press(page, "New group");
    await dialog(page).getByLabel("Name").fill("Simulator");
    await page.route("**/groups", async (route) => {
      // The server has done it, and nobody hears of it.
      if (route.request().method() === "POST") await route.fetch();
      await route.abort();
    });
    await inDialog(page, "Make the group").click();
    await dialog(page).getByText("The server cannot be reached.").waitFor();
    await page.unroute("**/groups");
    await confirm(page, "Make the group");
    expect(await section(page, "Groups").getByText("Simulator", { exact: true }).count()).toBe(1);
    forgive(/ERR_FAILED/);
  });
});
