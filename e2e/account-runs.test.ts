// Journeys through what the system does to many accounts: a run of inactivity that is held, and a batch that is stopped.

import { parseId } from "@lockstep/core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { runInactivity } from "../apps/server/src/accounts/commands/inactivity.ts";
import { systemClock } from "../apps/server/src/clock.ts";
import { Database } from "../apps/server/src/db/database.ts";
import { sql } from "../apps/server/src/db/sql.ts";
import { cloneDatabase } from "../apps/server/src/db/testing/database.ts";
import { urlOf } from "../bench/server.ts";
import { dialog, openSite, press, type Site } from "./browser.ts";
import { readExample, type Example } from "./example.ts";

let site: Site;
let example: Example;
let database: Database;

beforeAll(async () => {
  const { connection } = await cloneDatabase();
  database = new Database(connection);
  site = await openSite({ example: true, databaseUrl: urlOf({ ...connection, ssl: false }) });
  example = await readExample(site.origin);
}, 180_000);

afterAll(async () => {
  await site.close();
  await database.close();
});

const rooms = () => `${example.home}/accounts`;
const organisationId = () => parseId<"organisation">(example.home.split("/").at(-1) ?? "");
const tick = (page: Page, name: string) => page.getByRole("checkbox", { name: `Choose ${name}` }).click();

/** Whoever holds no role was active for the last time a hundred days ago, and was warned two weeks ago. */
async function grownIdle(): Promise<void> {
  const those = sql`u.organisation_id = ${organisationId()} and u.account = 'active' and not exists (
    select from role_grants g where g.user_id = u.id)`;
  await database.transaction(async (transaction) => {
    await transaction.execute(sql`update users u set active_at = now() - interval '100 days' where ${those}`);
    await transaction.execute(sql`
      insert into inactivity_warnings (organisation_id, user_id, active_at, days, recorded_at)
      select u.organisation_id, u.id, u.active_at, days, now() - interval '15 days'
      from users u, unnest(array[14, 7, 3, 1]) as days where ${those}`);
  });
}

const runOnce = () => runInactivity({ database, clock: systemClock }, organisationId());

test("a batch that takes long is stopped, and who was not reached stays as they were", async () => {
  const many = ["Bo Lindqvist", "Kai Berger", "Lena Fischer"];
  await site.visit(
    rooms(),
    async (page) => {
      for (const name of many) await tick(page, name);
      await press(page, "Block");
      await dialog(page).getByLabel("Reason for administrators").fill("Audit");
      await dialog(page).getByRole("button", { name: "Make the plan" }).click();
      const carryOut = dialog(page).getByRole("button", { name: "Block 3 accounts" });
      await carryOut.waitFor();
      // Somebody else is copying the blocks, so that the batch waits before its first one.
      await database.transaction(async (transaction) => {
        await transaction.execute(sql`lock table blocks in share mode`);
        await carryOut.click();
        await dialog(page).getByRole("button", { name: "Close, it goes on" }).waitFor();
        await dialog(page).getByRole("button", { name: "Stop" }).click();
      });
      await dialog(page)
        .getByText(/stayed as before: somebody stopped it/)
        .waitFor();
      await dialog(page).getByRole("button", { name: "Done" }).click();
    },
    { as: "ada" },
  );
});

test("a run by which too many would be disabled is held, and goes on once their number is confirmed", async () => {
  await grownIdle();
  expect(await runOnce()).toBe(0);
  await site.visit(
    rooms(),
    async (page) => {
      await page.getByText("Nobody is disabled for inactivity until somebody confirms it.").waitFor();
      const look = page.getByRole("button", { name: "Look at it" });
      await expect.poll(() => look.getAttribute("aria-disabled")).toBe("true");
    },
    { as: "ada" },
  );
  await site.visit(
    rooms(),
    async (page) => {
      const notice = page.getByText("Nobody is disabled for inactivity until somebody confirms it.");
      await press(page, "Look at it");
      await dialog(page).getByText("A run is held").waitFor();
      await dialog(page)
        .getByRole("button", { name: /^Disable \d+ accounts$/ })
        .click();
      await dialog(page).waitFor({ state: "hidden" });
      await notice.waitFor({ state: "hidden" });
    },
    { as: "noor" },
  );
  // The server may have done it already.
  await runOnce();
  await site.visit(
    rooms(),
    async (page) => {
      await press(page, /Disabled$/);
      await page.getByRole("row").filter({ hasText: "Disabled" }).first().waitFor();
    },
    { as: "ada" },
  );
});
