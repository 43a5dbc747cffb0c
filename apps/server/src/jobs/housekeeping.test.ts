import type { OrganisationId, UserId } from "@lockstep/core";
import { expect, test } from "vitest";

import { verifyEvents } from "../audit/seals.ts";
import { sql } from "../db/sql.ts";
import { useDatabase } from "../db/testing/database.ts";
import { countersOff } from "../facts/auditor.ts";
import { activate, makeOrganisation, testKeyEncryption, today } from "../facts/testing.ts";
import { countStandings } from "../standing/counts.ts";
import { runRound, startHousekeeping } from "./housekeeping.ts";

const database = useDatabase();

test("a round folds, seals and audits, changes no number, and names and heals whoever has drifted", async () => {
  const organisation = await makeOrganisation(database.current, 3);
  const { writing, id } = organisation;
  const [first] = organisation.users;
  if (first === undefined) throw new Error("there are three");
  await activate(organisation, first);
  const drifts: UserId[] = [];
  const alarms: unknown[] = [];
  const round = () =>
    runRound(
      {
        ...writing,
        keyEncryption: testKeyEncryption(),
        intervalMilliseconds: 0,
        onUnreadable: (unreadable) => alarms.push(...unreadable),
        onDrift: (_, drifted) => drifts.push(...drifted.map(({ userId }) => userId)),
        onFailure: (error) => {
          throw error;
        },
      },
      new Map<OrganisationId, UserId | null>(),
    );
  const counts = () =>
    database.current.snapshot((snapshot) =>
      countStandings(snapshot, { organisationId: id, teams: null }, today),
    );
  const before = await counts();
  await round();
  expect(await counts()).toEqual(before);
  expect(drifts).toEqual([]);
  expect(await verifyEvents(database.current, id)).toMatchObject({ unsealed: 0, brokenSeal: null });
  await database.current.transaction((transaction) =>
    transaction.execute(sql`delete from seats where organisation_id = ${id} and user_id = ${first}`),
  );
  await round();
  await round();
  expect(drifts).toEqual([first]);
  expect(alarms).toEqual([]);
  expect(await countersOff(database.current, id)).toEqual([]);
});

test("rounds go on after one that failed, and stop when told to", async () => {
  const { writing } = await makeOrganisation(database.current, 1);
  const failures: unknown[] = [];
  const second = Promise.withResolvers<null>();
  const stop = startHousekeeping({
    database: writing.database,
    clock: () => {
      throw new Error("no time");
    },
    keyEncryption: testKeyEncryption(),
    intervalMilliseconds: 1,
    onUnreadable: () => undefined,
    onDrift: () => undefined,
    onFailure: (error) => {
      if (failures.push(error) === 2) second.resolve(null);
    },
  });
  await second.promise;
  await stop();
  expect(failures.length).toBeGreaterThanOrEqual(2);
});
