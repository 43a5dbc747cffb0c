// What mails say, in a real browser: changed with a preview beside it, refused at the field, overtaken, and given back.

import { mailTemplates, type Call } from "@lockstep/api";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { signInTo } from "../apps/server/src/testing.ts";
import { dialog, openSite, press, section, testForEverybody, type Places, type Site } from "./browser.ts";

let site: Site;
let sol: Call;

beforeAll(async () => {
  site = await openSite({ example: true });
  sol = (await signInTo(site.origin, "sol")).call;
}, 300_000);

afterAll(() => site.close());

const long = 120_000;
const list = "/installation/mails/words";
const params = { kind: "activate-account", language: "en" } as const;
const invitation = `${list}/activate-account/en`;
const form = (page: Page) => section(page, "Words");
const text = (page: Page) => form(page).getByLabel("Text", { exact: true });
const subject = (page: Page) => form(page).getByLabel("Subject");
const mail = (page: Page) => page.getByRole("article", { name: "The mail" });
const html = (page: Page) => page.frameLocator("iframe[title='The mail as HTML']");
/** At a field; the button that cannot be pressed says it too. */
const said = (page: Page, sentence: string) => form(page).locator("p", { hasText: sentence }).waitFor();
/** Long enough for what is asked for every few seconds. */
const patient = { timeout: 30_000 };
const isGrey = (page: Page, name: string) =>
  page.getByRole("button", { name, exact: true }).getAttribute("aria-disabled");

test(
  "a mail is found in the list, changed with its preview beside it, saved, and marked as changed",
  async () => {
    const walk = async (page: Page) => {
      await page.getByRole("link", { name: "What they say" }).click();
      await page.getByText("All as they came").waitFor();
      await page.getByRole("link", { name: "Activation", exact: true }).click();
      await html(page).getByText("Hello Bo Lindqvist,").waitFor();
      expect(await isGrey(page, "Save")).toBe("true");
      expect(await isGrey(page, "Back to the original")).toBe("true");
      await subject(page).fill("Welcome, ");
      // Where one writes, and not at the end of the text.
      await press(page, "{name}");
      expect(await subject(page).inputValue()).toBe("Welcome, {name}");
      await mail(page).getByText("Welcome, Bo Lindqvist").waitFor();
      await text(page).fill(`<b>Hello</b>\n\n{username}\n\n{link}\n\n{until}`);
      await html(page).getByText("<b>Hello</b>").waitFor();
      await page.getByRole("radio", { name: "Plain text" }).check();
      await page
        .getByRole("region", { name: "The mail as plain text" })
        .getByText("bo@northwind.example")
        .waitFor();
      await press(page, "Save");
      await form(page).getByText("Saved.", { exact: true }).waitFor();
      // Once more, without loading the page again.
      await subject(page).fill("Welcome");
      await press(page, "Save");
      await form(page).getByText("Saved.", { exact: true }).waitFor();
      await page.getByRole("link", { name: "What mails say" }).click();
      await page.getByRole("link", { name: "Changed: Activation, English" }).waitFor();
      await page.getByText("1 text changed").waitFor();
    };
    await site.visit("/installation/mails", walk, { as: "sol" });
    const saved = await sol(mailTemplates.showMailTemplate, { params });
    expect(saved).toMatchObject({ subject: "Welcome", isOwn: true });
  },
  long,
);

test(
  "what does not fit is said at its field, and cannot be saved",
  async () => {
    const walk = async (page: Page, forgive: (complaint: RegExp) => void) => {
      await html(page).getByRole("link").waitFor();
      await subject(page).fill("{colour}");
      await said(page, "This kind of mail has no {colour}.");
      expect(await subject(page).getAttribute("aria-invalid")).toBe("true");
      await expect.poll(() => isGrey(page, "Save"), patient).toBe("true");
      await page.getByText("No preview yet: something does not fit.").waitFor();
      await subject(page).fill("Welcome");
      await text(page).fill("{username}, go to {link} now");
      await said(page, "The text needs {link} once, as a paragraph of its own.");
      expect(await text(page).getAttribute("aria-invalid")).toBe("true");
      await text(page).fill("{link}");
      await said(page, "The text needs {username}.");
      await form(page).getByText("needed, and missing").waitFor();
      await text(page).fill("{username}\n\n{link}");
      await form(page).getByLabel("Words on the button").fill("");
      await said(page, "The button needs words.");
      await form(page).getByLabel("Words on the button").fill("Come in");
      await page.locator("iframe[srcdoc*='Come in']").waitFor();
      await expect.poll(() => isGrey(page, "Save"), patient).toBe(null);
      forgive(/400/);
    };
    await site.visit(invitation, walk, { as: "sol" });
  },
  long,
);

test(
  "nothing runs in the preview and nothing leads out of it",
  async () => {
    const walk = async (page: Page, forgive: (complaint: RegExp) => void) => {
      const frame = page.locator("iframe[title='The mail as HTML']");
      expect(await frame.getAttribute("sandbox")).toBe("");
      const pages = page.context().pages().length;
      await html(page).getByRole("link").click();
      await html(page).getByRole("link").waitFor();
      expect(page.url()).toBe(`${site.origin}${invitation}`);
      expect(page.context().pages()).toHaveLength(pages);
      forgive(/sandbox/i);
    };
    await site.visit(invitation, walk, { as: "sol" });
  },
  long,
);

test(
  "who was overtaken keeps what was typed; who has typed nothing sees what the other made of it; and it is given back",
  async () => {
    const change = async (words: string) => {
      const {
        subject: former,
        text: said,
        button,
        revision,
      } = await sol(mailTemplates.showMailTemplate, { params });
      expect(former).not.toBe(words);
      const body = { subject: words, text: said, button };
      await sol(mailTemplates.setMailTemplate, { params, body, match: revision });
    };
    const walk = async (page: Page, forgive: (complaint: RegExp) => void) => {
      await change("Theirs");
      await expect.poll(() => subject(page).inputValue(), patient).toBe("Theirs");
      await subject(page).fill("Mine");
      await change("Theirs again");
      await page.getByText("Somebody changed it meanwhile.").waitFor();
      await press(page, "Load it again");
      expect(await subject(page).inputValue()).toBe("Mine");
      await press(page, "Save");
      await form(page).getByText("Saved.", { exact: true }).waitFor();
      await press(page, "Back to the original");
      await dialog(page).getByRole("button", { name: "Give them back" }).click();
      await dialog(page).waitFor({ state: "hidden" });
      await expect.poll(() => subject(page).inputValue(), patient).toBe("Activate your account");
      await form(page).getByText("As it came", { exact: true }).waitFor();
      forgive(/412/);
    };
    await site.visit(invitation, walk, { as: "sol" });
    expect(await sol(mailTemplates.showMailTemplate, { params })).toMatchObject({ isOwn: false });
  },
  long,
);

test("leaving what is not saved takes a question, and other languages are a press away", async () => {
  const walk = async (page: Page) => {
    await subject(page).fill("Not saved");
    let asked = "";
    page.once("dialog", (question) => {
      asked = question.message();
      void question.dismiss();
    });
    await page.getByRole("link", { name: "Deutsch" }).click();
    await expect.poll(() => asked).toContain("Leave without saving");
    expect(await subject(page).inputValue()).toBe("Not saved");
    page.once("dialog", (question) => void question.accept());
    await page.getByRole("link", { name: "Deutsch" }).click();
    await page.waitForURL(`**${list}/activate-account/de`);
    await expect.poll(() => subject(page).inputValue(), patient).not.toBe("Not saved");
  };
  await site.visit(invitation, walk, { as: "sol" });
});

const places = (): Places => ({
  "what mails say": { address: list, as: "sol" },
  "a mail": {
    address: invitation,
    as: "sol",
    reach: (page) => html(page).getByRole("link").waitFor(),
  },
  "a mail as text": {
    address: `${list}/account-blocked/de`,
    as: "sol",
    reach: (page) => page.getByRole("radio", { name: "Plain text" }).check(),
  },
});

testForEverybody("the words of mails", () => ({ site, places: places() }));
