import { parseDay, type UserId } from "@lockstep/core";
import { openOffer, parseActivationCode, activationKeysOf, sealOffer } from "@lockstep/keyfile";
import { expect, test } from "vitest";
import { z } from "zod";

import { sql } from "../db/sql.ts";
import { useDatabase } from "../db/testing/database.ts";
import { changeFacts } from "../facts/change.ts";
import { makeOrganisation, testKeyEncryption, type SmallOrganisation } from "../facts/testing.ts";
import { twentyTimes } from "../http/testing/races.ts";
import { deleteSeats, listSeatsOf, updateLicence } from "../licences/store.ts";
import { Refusal } from "../refusal.ts";
import { signersWith } from "../roots/signers.ts";
import { updateAccountMarks } from "../users/store.ts";
import { admitDevice, gatherCodes, issueActivationCode, voidCode } from "./commands.ts";
import { useCodes, userOf } from "./testing.ts";

const server = useDatabase();
const keyEncryption = testKeyEncryption();
const signersOf = signersWith(keyEncryption);
const lastDay = parseDay("2026-12-31");
const relays = ["http://127.0.0.1:8481"];

const { issue, secretsOf, joinOf, admit } = useCodes(server, relays);
const make = (people = 1) => makeOrganisation(server.current, people);
async function activeOn({ id }: SmallOrganisation, userId: UserId): Promise<string[]> {
  const active = await server.current.read((reader) =>
    reader.rows(
      z.object({ workstation: z.string() }),
      sql`select w.name as workstation from activations a
        join workstations w on w.organisation_id = a.organisation_id and w.id = a.workstation_id
        where a.organisation_id = ${id} and a.user_id = ${userId} and a.ended_at is null order by w.name`,
    ),
  );
  return active.map(({ workstation }) => workstation);
}

const refusalOf = (call: Promise<unknown>) =>
  call.then(
    () => "done",
    (error: unknown) => (error instanceof Refusal ? error.code : String(error)),
  );

test("a code opens an offer that names its organisation and where to answer, and is kept nowhere", async () => {
  const organisation = await make();
  const issued = await issue(organisation);
  const { secrets } = await secretsOf(organisation, issued.codeId);
  const keys = activationKeysOf(parseActivationCode(issued.code));
  const blob = sealOffer(secrets.offer, Buffer.from(secrets.offerKey, "base64url"));
  const now = Math.floor(organisation.writing.clock().getTime() / 1000);
  const opened = openOffer(blob, keys.offerKey, now);
  expect(opened).toMatchObject({ offer: { org: organisation.id, relays }, root: { org: organisation.id } });
  expect(issued.link).toContain(encodeURIComponent(issued.code));
  expect(JSON.stringify(secrets)).not.toContain(issued.code.replaceAll("-", ""));
  expect(openOffer(blob, keys.offerKey, now + 15 * 86_400)).toBe("expired");
});

test("who has no seat takes one of a licence that is valid, and a code for nobody's seat is refused", async () => {
  const organisation = await make(2);
  const { writing, id, licence } = organisation;
  const [first, second] = organisation.users as [UserId, UserId];
  await changeFacts(writing, id, (change) =>
    updateLicence(change, licence, { seats: 1, validUntil: lastDay, isSuspended: false }),
  );
  expect(await issue(organisation, first)).toMatchObject({ hasTakenSeat: true });
  expect(await issue(organisation, first)).toMatchObject({ hasTakenSeat: false });
  expect(await refusalOf(issue(organisation, second))).toBe("seats_exhausted");
  const seats = await server.current.read((reader) => listSeatsOf(reader, id, [first, second]));
  expect(seats.map(({ userId }) => userId)).toEqual([first]);
  expect(await gatherCodesOf(organisation, second)).toEqual([]);
});

const gatherCodesOf = async ({ id }: SmallOrganisation, userId: UserId) =>
  (await server.current.snapshot((snapshot) => gatherCodes(snapshot, id, userId))).map(({ state }) => state);

test("of codes for one user that are issued at the same moment, one is outstanding", async () => {
  const organisation = await make();
  const userId = userOf(organisation);
  await twentyTimes(async () => {
    await Promise.all([issue(organisation), issue(organisation), issue(organisation)]);
    const states = await gatherCodesOf(organisation, userId);
    expect(states.filter((state) => state !== "voided")).toHaveLength(1);
  });
});

test("the last seat is never given twice by two who issue codes at the same moment", async () => {
  await twentyTimes(async () => {
    const organisation = await make(2);
    const { writing, id, licence, users } = organisation;
    await changeFacts(writing, id, (change) =>
      updateLicence(change, licence, { seats: 1, validUntil: lastDay, isSuspended: false }),
    );
    const outcomes = await Promise.all(users.map((userId) => refusalOf(issue(organisation, userId))));
    expect(outcomes.sort()).toEqual(["done", "seats_exhausted"]);
  });
});

test("of two devices that know a code exactly one is admitted, and the other one's attempt is recorded", async () => {
  const organisation = await make();
  const userId = userOf(organisation);
  await twentyTimes(async (round) => {
    const { codeId } = await issue(organisation);
    const joins = [
      await joinOf(organisation, codeId, `left ${round}`),
      await joinOf(organisation, codeId, `right ${round}`),
    ];
    const told = await Promise.all(joins.map((join) => admit(organisation, codeId, join)));
    expect(told.filter((notice) => notice === null)).toHaveLength(1);
    expect(told).toContain("code-already-used");
  });
  expect(await activeOn(organisation, userId)).toHaveLength(20);
});

test("a device that asks again is admitted still, and nothing is made twice", async () => {
  const organisation = await make();
  const { codeId } = await issue(organisation);
  const join = await joinOf(organisation, codeId, "WS-1");
  const told = await Promise.all([1, 2, 3].map(() => admit(organisation, codeId, join)));
  expect(told).toEqual([null, null, null]);
  expect(await activeOn(organisation, userOf(organisation))).toEqual(["WS-1"]);
});

test("a machine is the same workstation for everybody, and who activates there anew takes the former place", async () => {
  const organisation = await make(2);
  const [first, second] = organisation.users as [UserId, UserId];
  for (const userId of [first, second, first]) {
    const { codeId } = await issue(organisation, userId);
    expect(await admit(organisation, codeId, await joinOf(organisation, codeId, "Shared"))).toBeNull();
  }
  expect(await activeOn(organisation, first)).toEqual(["Shared"]);
  expect(await activeOn(organisation, second)).toEqual(["Shared"]);
});

test.each([
  [
    "code-voided",
    (organisation: SmallOrganisation) =>
      voidCode(organisation.writing, organisation.id, userOf(organisation)),
  ],
  [
    "account-blocked",
    ({ writing, id, users: [user] }: SmallOrganisation) =>
      changeFacts(writing, id, (change) =>
        updateAccountMarks(change, user as UserId, { account: "active", blocked: true, disabled: false }),
      ),
  ],
  [
    "no-licence",
    ({ writing, id, users: [user] }: SmallOrganisation) =>
      changeFacts(writing, id, (change) => deleteSeats(change, [user as UserId])),
  ],
  [
    "no-licence",
    ({ writing, id, licence }: SmallOrganisation) =>
      changeFacts(writing, id, (change) =>
        updateLicence(change, licence, { seats: 1, validUntil: lastDay, isSuspended: true }),
      ),
  ],
] as const)(
  "%s: what has changed since the code was issued is asked when a device comes",
  async (notice, change) => {
    const organisation = await make();
    const { codeId } = await issue(organisation);
    const join = await joinOf(organisation, codeId, "WS-1");
    await change(organisation);
    expect(await admit(organisation, codeId, join)).toBe(notice);
    expect(await activeOn(organisation, userOf(organisation))).toEqual([]);
  },
);

test("a code that has expired admits nobody", async () => {
  const organisation = await make();
  const { codeId } = await issue(organisation, userOf(organisation), 1);
  const join = await joinOf(organisation, codeId, "WS-1");
  const later = new Date(organisation.writing.clock().getTime() + 2 * 86_400_000);
  const writing = { ...organisation.writing, clock: () => later };
  const told = await admitDevice({ writing, keyEncryption }, organisation.id, {
    codeId,
    join,
    rootVersion: 1,
  });
  expect(told).toBe("code-expired");
});

test("nobody gets a code who is blocked, or from a server without a relay", async () => {
  const organisation = await make();
  const { writing, id } = organisation;
  const userId = userOf(organisation);
  const without = issueActivationCode({ writing, keyEncryption, signersOf, relays: [] }, id, {
    userId,
    days: 14,
  });
  expect(await refusalOf(without)).toBe("relay_missing");
  await changeFacts(writing, id, (change) =>
    updateAccountMarks(change, userId, { account: "active", blocked: true, disabled: false }),
  );
  expect(await refusalOf(issue(organisation))).toBe("user_blocked");
});
