// Whoever was deleted is still in the directory, and is read again with everybody else.

import type { DirectoryRun } from "@lockstep/api";
import type { OrganisationId, UserId } from "@lockstep/core";
import { expect, test } from "vitest";
import { z } from "zod";

import { writingTo } from "../accounts/testing.ts";
import { sql } from "../db/sql.ts";
import { workAtRun } from "../directory/commands/work.ts";
import type { Journey } from "../directory/testing/journey.ts";
import { told, usePeople, type Scene } from "../directory/testing/people.ts";
import { changeContents } from "../facts/change.ts";
import { testMaking } from "../facts/testing.ts";
import { useExampleApp } from "../http/testing/app.ts";
import { isWaitedFor } from "../http/testing/races.ts";
import { loadUser } from "../users/store.ts";
import { erasePeople } from "./commands/erase.ts";
import { columnsWith } from "./testing.ts";

const example = useExampleApp();
const { withPeople, runner, begun } = usePeople(example);

/** Imports three people; of the second one the directory tells another name from now on. */
async function withSomebody(
  surname: string,
  use: (journey: Journey, userId: UserId) => Promise<void>,
): Promise<void> {
  await withPeople(3, async (scene) => {
    tellOf(scene, `Kim ${surname}`);
    await scene.journey.sync();
    const kim = (await scene.journey.users()).find(({ name }) => name === `Kim ${surname}`);
    if (kim === undefined) throw new Error("nobody was imported");
    tellOf(scene, `Robin ${surname}`);
    await use(scene.journey, kim.id);
  });
}

function tellOf(scene: Scene, name: string): void {
  scene.before = () => ({ entries: [told(1), told(2, name), told(3)] });
}

/** @param beforeItCommits everything is erased by then, and nobody sees it yet. */
async function erase(
  organisationId: OrganisationId,
  userId: UserId,
  beforeItCommits = () => Promise.resolve(),
): Promise<void> {
  await changeContents(writingTo(example), organisationId, async (change) => {
    const user = await loadUser(change, organisationId, userId);
    await erasePeople(change, testMaking().keyEncryption, [user]);
    await beforeItCommits();
  });
}

test("whoever was deleted and is still in the directory is read and forgotten", async () => {
  await withSomebody("Sanders", async (journey, userId) => {
    const { organisationId } = journey.params;
    await erase(organisationId, userId);
    for (const isDryRun of [true, false]) {
      const run = await journey.sync({ isDryRun });
      expect(run).toMatchObject({ state: "done", read: 3 });
      expect(await journey.rowsOf(run)).toEqual([]);
    }
    expect(await columnsWith(example, ["sanders"])).toEqual([]);
    // Nor whom it was of, as of those who were only unlinked.
    const remembered = await example.database.read((reader) =>
      reader.rows(
        z.object({}),
        sql`select from directory_entries where organisation_id = ${organisationId} and former_user_id = ${userId}`,
      ),
    );
    expect(remembered).toEqual([]);
  });
});

/** Plans while somebody is being deleted: what the plan says is written, and whatever waits for the deletion waits. */
async function planWhileErasing(journey: Journey, userId: UserId, isDryRun: boolean): Promise<DirectoryRun> {
  const { of, run } = await begun(journey, { isDryRun });
  let planned: Promise<unknown> = Promise.resolve();
  await erase(of.organisationId, userId, async () => {
    planned = workAtRun(runner(), of);
    await expect.poll(async () => (await journey.show(run)).rows).toBe(1);
    await Promise.race([planned, isWaitedFor(example, "%")]);
  });
  await planned;
  return journey.show(run);
}

test.each([
  { surname: "Peterson", isDryRun: true, what: "is only looked at" },
  { surname: "Thompson", isDryRun: false, what: "is carried out" },
])("whoever is deleted while a plan is made that $what is forgotten in it", async ({ surname, isDryRun }) => {
  await withSomebody(surname, async (journey, userId) => {
    const run = await planWhileErasing(journey, userId, isDryRun);
    expect(run).toMatchObject({ state: "done", counts: { update: 1 } });
    const [row, ...others] = await journey.rowsOf(run);
    expect(row).toMatchObject({ name: "Deleted user", username: null, place: "", changes: [] });
    expect(row?.outcome).toBe(isDryRun ? null : "changed-meanwhile");
    expect(others).toEqual([]);
    expect(await columnsWith(example, [surname])).toEqual([]);
  });
});
