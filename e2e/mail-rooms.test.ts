// The mails' room, in a real browser: without a mail server, with one, and with one that does not answer.

import { createServer, type AddressInfo } from "node:net";

import { accounts, invitations, organisations, standings, type Call } from "@lockstep/api";
import type { OrganisationId, UserId } from "@lockstep/core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { startPost, type TestPost } from "../apps/server/src/mails/testing/smtp.ts";
import { signInTo } from "../apps/server/src/testing.ts";
import { dialog, openSite, press, section, type Site } from "./browser.ts";

let site: Site;
let post: TestPost;
let params: { organisationId: OrganisationId; userId: UserId };
let ada: Call;

beforeAll(async () => {
  site = await openSite({ example: true });
  post = await startPost();
  ada = (await signInTo(site.origin, "ada")).call;
  const [own] = (await ada(organisations.listOrganisations)).organisations;
  if (own === undefined) throw new Error("the example has an organisation");
  const place = { organisationId: own.id };
  const { users } = await ada(standings.listUsers, { params: place, query: { search: "finn" } });
  if (users[0] === undefined) throw new Error("the example has Finn");
  params = { ...place, userId: users[0].id };
  await ada(invitations.inviteAccount, { params });
}, 180_000);

afterAll(async () => {
  await site.close();
  await post.stop();
});

const address = "/installation/mails";
const visit = (walk: (page: Page, forgive: (complaint: RegExp) => void) => Promise<void>) =>
  site.visit(address, walk, { as: "sol" });

/** A port where nobody answers. */
async function deafPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function setServer(page: Page, button: string, port: number): Promise<void> {
  await press(page, button);
  const form = dialog(page);
  await form.getByLabel("Host").fill("127.0.0.1");
  await form.getByRole("radio", { name: "none" }).check();
  await form.getByLabel("Port").fill(String(port));
  await form.getByLabel("Address that mails come from").fill("it@northwind.example");
  const signsIn = form.getByRole("checkbox", { name: "The server asks for a name and a password" });
  if (await signsIn.isChecked()) await signsIn.click();
  await form.getByRole("button", { name: "Save" }).click();
  await form.waitFor({ state: "hidden" });
}

test("without a mail server a mail waits; who opens it is told before that it is recorded, and it is", async () => {
  await visit(async (page) => {
    await section(page, "Mail server").getByText("1 mail waits.").waitFor();
    await press(page, "Open: mail to Finn Aalto");
    await dialog(page).getByText("Opening it is recorded.").waitFor();
    expect(await dialog(page).getByRole("region", { name: "Text of the mail" }).count()).toBe(0);
    await dialog(page).getByRole("button", { name: "Open and record it" }).click();
    const text = dialog(page).getByRole("region", { name: "Text of the mail" });
    await expect.poll(() => text.textContent()).toContain(`${site.origin}/activate-account#`);
  });
  const { entries } = await ada(standings.showTimeline, { params });
  expect(entries.map(({ kind, by }) => [kind, by])).toContainEqual(["mail-opened", "Sol Ferrer"]);
});

test("a mail server takes what waits, and no mail is opened any more; one that does not answer is said to be so", async () => {
  const deaf = await deafPort();
  await visit(async (page, forgive) => {
    const row = page.getByRole("row").filter({ hasText: "Finn Aalto" });
    const open = page.getByRole("button", { name: "Open: mail to Finn Aalto" });
    await setServer(page, "Set it up", post.port);
    await section(page, "Mail server").getByText(`127.0.0.1, port ${post.port}`).waitFor();
    await row.getByText("Sent", { exact: true }).waitFor();
    expect(await open.count()).toBe(0);
    await page.getByLabel("Send a mail to try it").fill("sol@northwind.example");
    await press(page, "Send");
    await page.getByText("The mail server took it.").waitFor();

    await setServer(page, "Change", deaf);
    await section(page, "Mail server").getByText(`127.0.0.1, port ${deaf}`).waitFor();
    await press(page, "Send");
    await page.getByText("The mail server did not take the mail.").waitFor();
    await ada(invitations.resendInvitation, { params });
    await row.getByText("The mail server cannot be reached.").waitFor();
    expect(await open.getAttribute("aria-disabled")).toBe("true");
    forgive(/502/);
  });
  const { mail } = await ada(accounts.showAccount, { params });
  expect(mail).toMatchObject({ state: "waiting", failure: "The mail server cannot be reached." });
});

test("the room of mails is not for those who do not look after the installation", async () => {
  const walk = async (page: Page, forgive: (complaint: RegExp) => void) => {
    await page.getByText("Your role does not allow this.").first().waitFor();
    forgive(/403/);
  };
  await site.visit(address, walk, { as: "ada" });
});
