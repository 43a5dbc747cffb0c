import { standings, updates, type Update, type User } from "@lockstep/api";
import type {
  ActivationId,
  Id,
  OrganisationId,
  TeamId,
  UpdateId,
  UserId,
  WorkstationId,
} from "@lockstep/core";
import { expect, test } from "vitest";
import { v7 as uuid } from "uuid";
import { z } from "zod";

import { insertActivation, insertWorkstation } from "../activations/store.ts";
import { sql } from "../db/sql.ts";
import { changeFacts } from "../facts/change.ts";
import { activate, makeOrganisation, type SmallOrganisation } from "../facts/testing.ts";
import { useExampleApp } from "../http/testing/app.ts";
import { machinesIn, type Machines } from "../http/testing/machines.ts";
import { makeOwnOrganisation, type OwnOrganisation } from "../http/testing/organisation.ts";
import { twentyTimes } from "../http/testing/races.ts";
import { insertSeats } from "../licences/store.ts";
import { updateAccountMarks } from "../users/store.ts";
import { runPosting, startPosting } from "./commands.ts";
import { loadPosting, type Posting } from "./postings/store.ts";

const example = useExampleApp();
const nobodyStops = new AbortController().signal;
const ignored = () => undefined;

/** Each is active on a workstation of their own, which was posted nothing yet. */
async function admit({ writing, id, licence }: SmallOrganisation, people: readonly UserId[]): Promise<void> {
  await changeFacts(writing, id, async (change) => {
    await insertSeats(change, licence, people);
    for (const userId of people) {
      const [activation, workstationId] = [uuid() as ActivationId, uuid() as WorkstationId];
      await insertWorkstation(change, { id: workstationId, name: "WS" });
      await insertActivation(change, { id: activation, userId, workstationId });
    }
  });
}

async function run(
  { writing, id }: SmallOrganisation,
  posting: Posting,
  { signal = nobodyStops, onBatch = ignored }: { signal?: AbortSignal; onBatch?: () => void } = {},
): Promise<Posting> {
  const { database, clock } = writing;
  await runPosting({ database, clock, signal, onBatch }, id, posting.id);
  return database.read((reader) => loadPosting(reader, id, posting.id));
}

const keyFile = z.object({ userId: z.custom<UserId>(), state: z.string() });

/** Whom a Key-File was ever posted to, once for each. */
async function postedTo(organisationId: OrganisationId): Promise<UserId[]> {
  const rows = await example.database.snapshot((snapshot) =>
    snapshot.rows(
      keyFile,
      sql`select user_id as "userId", state from updates
        where organisation_id = ${organisationId} and kind = 'key-file' and state <> 'processed' order by user_id`,
    ),
  );
  return rows.map(({ userId }) => userId);
}

const five = async () => {
  const organisation = await makeOrganisation(example.database, 5);
  const [a, b, c, d, e] = organisation.users;
  if (a === undefined || b === undefined || c === undefined || d === undefined || e === undefined) {
    throw new Error("five people were added");
  }
  return { organisation, people: [a, b, c, d, e] as const };
};

test("Key-Files are posted to those who require one, and to nobody whose account is blocked", async () => {
  const { organisation, people } = await five();
  const [upToDate, requiring, blocked, , withTwo] = people;
  const { writing, id } = organisation;
  await activate(organisation, upToDate);
  await admit(organisation, [requiring, blocked, withTwo]);
  await admit(organisation, [withTwo]);
  await changeFacts(writing, id, (change) =>
    updateAccountMarks(change, blocked, { account: "active", blocked: true, disabled: false }),
  );
  const posting = await startPosting(writing, id, {});
  expect(posting).toMatchObject({ users: 2, done: 0, posted: 0, endedAt: null });
  const ended = await run(organisation, posting);
  expect(ended).toMatchObject({ users: 2, done: 2, posted: 3 });
  expect(ended.endedAt).not.toBeNull();
  expect(await postedTo(id)).toEqual([requiring, withTwo, withTwo].sort());
  // What they will hold is what they should hold.
  expect(await run(organisation, await startPosting(writing, id, {}))).toMatchObject({ users: 0, posted: 0 });
});

test("a posting to a team reaches the teams below it and no other, one to the chosen only them", async () => {
  const { organisation, people } = await five();
  const { writing, id, teams, users } = organisation;
  await admit(organisation, people);
  const [, left] = teams;
  const inLeft = users.filter((_, at) => at % 2 === 0);
  const [root] = teams;
  expect(await run(organisation, await startPosting(writing, id, { teamId: left }))).toMatchObject({
    users: inLeft.length,
    posted: inLeft.length,
  });
  expect(await postedTo(id)).toEqual([...inLeft].sort());
  const [, chosen] = people;
  await run(organisation, await startPosting(writing, id, { userIds: [chosen, people[0]] }));
  expect(await postedTo(id)).toEqual([...inLeft, chosen].sort());
  await run(organisation, await startPosting(writing, id, { teamId: root }));
  expect(await postedTo(id)).toEqual([...users].sort());
});

test("a posting to a team or a person that is not there is refused, and begins nothing", async () => {
  const { organisation } = await five();
  const { writing, id } = organisation;
  const nowhere = uuid();
  await expect(startPosting(writing, id, { teamId: nowhere as TeamId })).rejects.toMatchObject({
    code: "team_not_found",
  });
  await expect(startPosting(writing, id, { userIds: [nowhere as UserId] })).rejects.toMatchObject({
    code: "user_not_found",
  });
});

test("a posting that is interrupted goes on where it was, and posts to nobody twice", async () => {
  const organisation = await makeOrganisation(example.database, 1001);
  const { writing, id, users } = organisation;
  await admit(organisation, users);
  const posting = await startPosting(writing, id, {});
  // As a server that is told to stop: it ends after the batch that it is at.
  const stopping = new AbortController();
  const left = await run(organisation, posting, { signal: stopping.signal, onBatch: () => stopping.abort() });
  expect(left).toMatchObject({ users: 1001, done: 1000, posted: 1000, endedAt: null });
  const ended = await run(organisation, posting);
  expect(ended).toMatchObject({ done: 1001, posted: 1001 });
  expect(await postedTo(id)).toEqual([...users].sort());
});

// Without the lock on the posting both post the same batch.
test("two servers that work at one posting post to each user once", async () => {
  await twentyTimes(async () => {
    const organisation = await makeOrganisation(example.database, 3);
    const { writing, id, users } = organisation;
    await admit(organisation, users);
    const posting = await startPosting(writing, id, {});
    await Promise.all([run(organisation, posting), run(organisation, posting)]);
    expect(await postedTo(id)).toEqual([...users].sort());
    expect(await run(organisation, posting)).toMatchObject({ done: 3, posted: 3 });
  });
});

interface Panel extends OwnOrganisation, Machines {
  readonly bo: User;
  readonly list: (query?: object) => Promise<{ updates: Update[]; more: boolean }>;
  readonly command: (body: object, user?: Id<"user">) => Promise<{ posted: number }>;
}

async function panel(): Promise<Panel> {
  const organisation = await makeOwnOrganisation(example);
  const { call, params, people } = organisation;
  const [bo] = await people(1);
  if (bo === undefined) throw new Error("somebody was added");
  return {
    ...organisation,
    ...machinesIn(example, organisation),
    bo,
    list: (query = {}) => call(updates.listUpdates, { params, query }),
    command: (body, userId = bo.id) =>
      call(updates.postCommand, {
        params: { ...params, userId },
        body: body as { kind: "lock" },
      }),
  };
}

test("a posting that is asked for again with its key is begun once", async () => {
  const { call, params } = await makeOwnOrganisation(example);
  const post = (idempotencyKey: string) => call(updates.postKeyFiles, { params, body: {}, idempotencyKey });
  const key = uuid();
  const first = await post(key);
  expect(await post(key)).toEqual(first);
  const second = await post(uuid());
  expect(second.id).not.toBe(first.id);
  const show = (postingId: Posting["id"]) => call(updates.showPosting, { params: { ...params, postingId } });
  expect(await show(first.id)).toEqual(first);
});

test("the panel shows updates newest first, page by page, each with whom it is for and who posted it", async () => {
  const { activate, bringUpToDate, bo, command, list } = await panel();
  const { workstationId } = await activate(bo, "WS-1");
  await bringUpToDate([bo]);
  const kinds = ["lock", "unlock", "force-password-change", "lock"] as const;
  for (const kind of kinds) await command({ kind });
  const found: Update[] = [];
  for (let more = true; more;) {
    const last = found.at(-1);
    const page = await list({ limit: 2, ...(last === undefined ? {} : { after: last.id }) });
    expect(page.updates.length).toBeLessThanOrEqual(2);
    found.push(...page.updates);
    ({ more } = page);
  }
  expect(found.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
    ...[...kinds].reverse().map((kind) => `${kind} posted`),
    "key-file processed",
  ]);
  expect(found[0]).toMatchObject({
    user: { id: bo.id, name: bo.name },
    workstation: { id: workstationId, name: "WS-1" },
    version: null,
    deliveredAt: null,
    endedAt: null,
    isCancelAsked: false,
  });
  expect(found.at(-1)).toMatchObject({ version: 1, by: "system" });
});

test("the panel shows the updates of one user, of one workstation, in one state, or what is outstanding", async () => {
  const { activate, bringUpToDate, people, bo, command, list } = await panel();
  const [other] = await people(1);
  if (other === undefined) throw new Error("somebody was added");
  const { workstationId } = await activate(bo, "WS-1");
  await activate(bo, "WS-2");
  await activate(other, "WS-1");
  await bringUpToDate([bo, other]);
  await command({ kind: "lock" });
  const seen = async (query: object) =>
    (await list(query)).updates
      .map(
        ({ kind, user, workstation }) => `${kind} ${user.id === bo.id ? "bo" : "other"} ${workstation.name}`,
      )
      .sort();
  const held = ["key-file bo WS-1", "key-file bo WS-2", "key-file other WS-1"];
  const locked = ["lock bo WS-1", "lock bo WS-2"];
  expect(await seen({})).toEqual([...held, ...locked]);
  expect(await seen({ user: other.id })).toEqual(["key-file other WS-1"]);
  expect(await seen({ workstation: workstationId })).toEqual([held[0], held[2], locked[0]]);
  expect(await seen({ user: bo.id, workstation: workstationId })).toEqual([held[0], locked[0]]);
  expect(await seen({ state: "processed" })).toEqual(held);
  expect(await seen({ state: "outstanding" })).toEqual(locked);
  expect(await seen({ state: "failed" })).toEqual([]);
});

test("a command goes to all workstations of a user or to the named one, and to nobody who has none", async () => {
  const { activate, people, bo, command, list } = await panel();
  const [other] = await people(1);
  if (other === undefined) throw new Error("somebody was added");
  await expect(command({ kind: "lock" })).rejects.toMatchObject({ code: "user_not_active" });
  const { workstationId } = await activate(bo, "WS-1");
  const { workstationId: notHis } = await activate(other, "WS-2");
  await activate(bo, "WS-3");
  expect(await command({ kind: "lock", workstationId })).toEqual({ posted: 1 });
  expect(await command({ kind: "deactivate" })).toEqual({ posted: 2 });
  await expect(command({ kind: "lock", workstationId: notHis })).rejects.toMatchObject({
    code: "workstation_not_found",
  });
  await expect(command({ kind: "lock" }, uuid() as Id<"user">)).rejects.toMatchObject({
    code: "user_not_found",
  });
  // What is for a workstation and not for a user is posted elsewhere.
  const policy = command({ kind: "workstation-policy" });
  await expect(policy).rejects.toMatchObject({ code: "malformed_request" });
  expect((await list()).updates).toHaveLength(3);
});

test("an update that is asked back stays posted until the relay has answered, and one that has ended stays as it ended", async () => {
  const { call, params, activate, bringUpToDate, bo, command, list } = await panel();
  await activate(bo, "WS-1");
  await bringUpToDate([bo]);
  await command({ kind: "lock" });
  // As Proxy Sync does before it puts the orders that the command is in.
  await example.database.transaction((transaction) =>
    transaction.execute(sql`update updates set orders_version = 1
      where organisation_id = ${params.organisationId} and kind = 'lock'`),
  );
  const [posted, processed] = (await list()).updates;
  if (posted === undefined || processed === undefined) throw new Error("two were posted");
  const cancel = (updateId: UpdateId) => call(updates.cancelUpdate, { params: { ...params, updateId } });
  const asked = { ...posted, isCancelAsked: true };
  expect(await cancel(posted.id)).toEqual(asked);
  expect(await cancel(posted.id)).toEqual(asked);
  await expect(cancel(processed.id)).rejects.toMatchObject({ code: "update_ended" });
  await expect(cancel(uuid() as UpdateId)).rejects.toMatchObject({ code: "update_not_found" });
});

const lock = z.object({ isLocked: z.boolean() });

test("an update that was never signed is cancelled at once, with a relay or without, and what it ordered is undone", async () => {
  const { call, params, activate, bringUpToDate, bo, command, list } = await panel();
  const { id } = await activate(bo, "WS-1");
  await bringUpToDate([bo]);
  const isLocked = async () => {
    const row = await example.database.read((reader) =>
      reader.row(
        lock,
        sql`select is_locked as "isLocked" from activations
          where organisation_id = ${params.organisationId} and id = ${id}`,
      ),
    );
    return row?.isLocked;
  };
  await command({ kind: "lock" });
  expect(await isLocked()).toBe(true);
  const [posted] = (await list({ state: "outstanding" })).updates;
  if (posted === undefined) throw new Error("one was posted");
  const cancelled = await call(updates.cancelUpdate, { params: { ...params, updateId: posted.id } });
  expect(cancelled).toMatchObject({ state: "cancelled", isCancelAsked: true });
  expect(cancelled.endedAt).not.toBeNull();
  expect(await isLocked()).toBe(false);
  const { entries } = await call(standings.showTimeline, { params: { ...params, userId: bo.id } });
  expect(entries.map(({ kind }) => kind)).toContain("update-cancelled");
});
