import { expect, test } from "vitest";

import { sql } from "../db/sql.ts";
import { useDatabase } from "../db/testing/database.ts";
import { changeFacts } from "../facts/change.ts";
import { makeOrganisation, type SmallOrganisation } from "../facts/testing.ts";
import { sealEvents, verifyEvents } from "./seals.ts";

const database = useDatabase();

/** A change that does nothing but happen. */
async function happen(
  { id, writing }: Pick<SmallOrganisation, "id" | "writing">,
  detail = {},
): Promise<void> {
  await changeFacts(writing, id, (change) => {
    change.record({ kind: "organisation-disabled", detail });
    return Promise.resolve();
  });
}

async function anOrganisationWithEvents(count: number) {
  const { writing, id } = await makeOrganisation(database.current, 0);
  for (let number = 0; number < count; number++) {
    await happen({ id, writing }, { number });
  }
  return { id, writing };
}

test("INV-10: sealed events verify, and what came after is named as the unsealed tail", async () => {
  const { id, writing } = await anOrganisationWithEvents(3);
  await sealEvents(database.current, writing.clock, id);
  await happen({ id, writing });
  expect(await verifyEvents(database.current, id)).toEqual({
    sealed: 5,
    unsealed: 1,
    brokenSeal: null,
    strangers: 0,
  });
});

test("an organisation without events has nothing to verify", async () => {
  const { id, writing } = await anOrganisationWithEvents(0);
  await sealEvents(database.current, writing.clock, id);
  await sealEvents(database.current, writing.clock, id);
  expect(await verifyEvents(database.current, id)).toMatchObject({ sealed: 2, unsealed: 0 });
});

test.each([
  [
    "an event is altered",
    "update events set detail = '{}' where detail->>'number' = '1' and organisation_id = ",
  ],
  [
    "an event's time is altered",
    "update events set at = at + '1 second' where detail->>'number' = '1' and organisation_id = ",
  ],
  ["an event is deleted", "delete from events where detail->>'number' = '1' and organisation_id = "],
  ["a seal is deleted", "delete from event_seals where number = 1 and organisation_id = "],
])("INV-10: verifying notices when %s", async (_, statement) => {
  const { id, writing } = await anOrganisationWithEvents(2);
  await sealEvents(database.current, writing.clock, id);
  await happen({ id, writing });
  await sealEvents(database.current, writing.clock, id);
  await database.current.transaction((transaction) => transaction.execute(sql.raw(`${statement}'${id}'`)));
  expect((await verifyEvents(database.current, id)).brokenSeal).not.toBeNull();
});

test("INV-10: verifying notices an event that was put in past the product", async () => {
  const { id, writing } = await anOrganisationWithEvents(1);
  await sealEvents(database.current, writing.clock, id);
  await database.current.transaction((transaction) =>
    transaction.execute(sql`insert into events (organisation_id, id, at, kind, actor_role)
      values (${id}, gen_random_uuid(), now(), 'user-added', 'nobody')`),
  );
  expect(await verifyEvents(database.current, id)).toMatchObject({ strangers: 1 });
});

// Without the lock two sealers give two batches the same number, and one of them fails.
test("sealers that run at the same moment, while events arrive, take turns", async () => {
  for (let round = 0; round < 20; round++) {
    const { id, writing } = await anOrganisationWithEvents(1);
    const write = () => happen({ id, writing });
    const seal = () => sealEvents(database.current, writing.clock, id);
    await Promise.all([seal(), write(), seal(), write(), seal(), write(), seal(), write(), seal()]);
    await seal();
    const whole = { sealed: 7, unsealed: 0, brokenSeal: null, strangers: 0 };
    expect(await verifyEvents(database.current, id)).toEqual(whole);
  }
});
