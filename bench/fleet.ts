// People who are all active, each on a workstation with keys and mailboxes of its own, and a relay that has the mailboxes
// open: made in the two databases, as codes and joins would have made them. The relay is a process of its own.

import { randomUUID } from "node:crypto";
import { join } from "node:path";

import { relay } from "@lockstep/api";
import {
  parseDay,
  type ActivationId,
  type AuthorityId,
  type GroupId,
  type KeyId,
  type LicenceId,
  type OrganisationId,
  type TeamId,
  type UserId,
} from "@lockstep/core";
import { mailboxOf, newBoxKey, newSigningKey, kidOf, type PrivateJwk } from "@lockstep/keyfile";
import { v7 as uuid } from "uuid";

import { openStore } from "../apps/relay/src/db/open.ts";
import { insertMailbox } from "../apps/relay/src/mailboxes/store.ts";
import { Program } from "../apps/relay/src/testing/program.ts";
import {
  newActivationSecrets,
  sealActivationSecrets,
  type ActivationSecrets,
} from "../apps/server/src/activations/secrets.ts";
import { array, sql } from "../apps/server/src/db/sql.ts";
import type { Sealed } from "../apps/server/src/keys/sealing/sealing.ts";
import { changeContents, changeFacts, type Writing } from "../apps/server/src/facts/change.ts";
import { makeKeyMaterial } from "../apps/server/src/keys/material.ts";
import { addKeyToGroup, insertGroup, insertKey } from "../apps/server/src/keys/store.ts";
import { insertLicence, insertSeats } from "../apps/server/src/licences/store.ts";
import { createOrganisationWithin } from "../apps/server/src/organisations/commands.ts";
import { insertAuthority } from "../apps/server/src/organisations/store.ts";
import type { RootMaking } from "../apps/server/src/roots/commands.ts";
import { connectionTo, type Connection } from "../apps/server/src/sync/connection.ts";
import { giveGroupToTeam, updateTeamPolicy } from "../apps/server/src/teams/store.ts";
import { insertUsers } from "../apps/server/src/users/store.ts";
import { note, seconds } from "./findings.ts";
import type { Setting } from "./http.ts";
import { timed } from "./measure.ts";

export interface Device {
  readonly activationId: ActivationId;
  readonly userId: UserId;
  readonly sign: PrivateJwk;
  readonly secrets: ActivationSecrets;
}

export interface Fleet {
  readonly organisationId: OrganisationId;
  readonly rootTeamId: TeamId;
  readonly devices: readonly Device[];
  readonly connection: Connection;
  readonly stop: () => Promise<unknown>;
}

type Making = Writing & RootMaking;

const batch = 1000;
const nothing = "0".repeat(64);

interface Home extends Pick<Fleet, "organisationId" | "rootTeamId"> {
  readonly licenceId: LicenceId;
}

async function makeHome(writing: Making, people: number): Promise<Home> {
  const [organisationId, rootTeamId] = [uuid() as OrganisationId, uuid() as TeamId];
  const licenceId = uuid() as LicenceId;
  const authorityId = uuid() as AuthorityId;
  await writing.database.transaction(async (transaction) => {
    await insertAuthority(transaction, { id: authorityId, name: `Authority of ${organisationId}` });
    const home = {
      id: organisationId,
      authorityId,
      name: organisationId,
      office: "none",
      rootTeamId,
    } as const;
    await createOrganisationWithin(transaction, writing, home);
  });
  await changeContents(writing, organisationId, async (change) => {
    const [keyId, groupId] = [uuid() as KeyId, uuid() as GroupId];
    const place = { organisationId, keyId, version: 1 };
    await insertGroup(change, { id: groupId, name: "Everybody" });
    await insertKey(
      change,
      { id: keyId, name: "Everything" },
      await makeKeyMaterial(writing.keyEncryption, place),
    );
    await addKeyToGroup(change, groupId, keyId);
    await giveGroupToTeam(change, rootTeamId, groupId);
    await insertLicence(change, {
      id: licenceId,
      productId: "LS-1",
      edition: "Pro",
      term: "subscription",
      seats: people,
      validFrom: parseDay("2026-01-01"),
      validUntil: parseDay("2099-12-31"),
    });
  });
  return { organisationId, rootTeamId, licenceId };
}

interface Row extends Device, Sealed {
  readonly addresses: { readonly down: string; readonly up: string };
}

/** The public halves of a mailbox's keys, and where it is. */
async function publicOf(secret: string) {
  const { read, write } = mailboxOf(Buffer.from(secret, "base64url"));
  const keys = { readKey: read.x, writeKey: write.x };
  return { ...keys, mailbox: await relay.mailboxOf(keys) };
}

/** Opens the mailboxes of some devices in the store of a relay that does not run. */
async function openMailboxes(folder: string, devices: readonly Pick<Device, "secrets">[]) {
  const store = openStore(folder);
  const opened: Row["addresses"][] = [];
  for (const { secrets } of devices) {
    const [down, up] = [await publicOf(secrets.down), await publicOf(secrets.up)];
    opened.push({ down: down.mailbox, up: up.mailbox });
    void store.write((transaction) => {
      for (const [{ readKey, writeKey, mailbox }, hears] of [
        [down, "fetches"],
        [up, "puts"],
      ] as const) {
        insertMailbox(transaction, {
          mailbox,
          account: 1,
          readKey: Buffer.from(readKey, "base64url"),
          writeKey: Buffer.from(writeKey, "base64url"),
          lastSeq: Date.now(),
          hears,
        });
      }
    });
  }
  store.close();
  return opened;
}

/** What a join and the first report have left behind: version 1 is held. */
async function insertRows(
  writing: Making,
  { organisationId, rootTeamId, licenceId }: Home,
  rows: readonly Row[],
  box: string,
): Promise<void> {
  const column = (pick: (row: Row) => string | number, type: "uuid" | "text" | "integer") =>
    array(rows.map(pick), type);
  const ids = column(({ activationId }) => activationId, "uuid");
  const users = rows.map(({ userId }) => ({
    id: userId,
    teamId: rootTeamId,
    username: `${userId}@example.org`,
    name: userId,
    email: null,
    account: "active" as const,
  }));
  await changeFacts(writing, organisationId, async (change) => {
    await insertUsers(change, users);
    await insertSeats(
      change,
      licenceId,
      rows.map(({ userId }) => userId),
    );
    await change.execute(sql`
      insert into workstations (organisation_id, id, name, team_id)
      select ${organisationId}, d.id, d.id::text, t.id from unnest(${ids}) as d (id)
      join workstation_teams t on t.organisation_id = ${organisationId} and t.parent_id is null`);
    await change.execute(sql`
      insert into activations (organisation_id, id, user_id, workstation_id, admitted_at, next_version, applied_version,
        applied_team_content_id, applied_own_content_id, last_report_at, code_id, device, device_x, box, orders_box,
        material, kek_version, report_number, pulse_at, os, client, keystore)
      select ${organisationId}, d.id, d.user_id, d.id, ${change.at}, 2, 1, t.desired_content_id, u.own_content_id,
        ${change.at}, d.id, d.device, d.x, ${box}, ${box}, d.material, d.kek, 1, ${change.at}, 'Linux', 'bench', 'file'
      from unnest(${ids}, ${column(({ userId }) => userId, "uuid")}, ${column(({ sign }) => kidOf(sign), "text")},
        ${column(({ sign }) => sign.x, "text")}, ${column(({ material }) => material, "text")},
        ${column(({ kekVersion }) => kekVersion, "integer")}) as d (id, user_id, device, x, material, kek)
      join users u on u.organisation_id = ${organisationId} and u.id = d.user_id
      join teams t on t.organisation_id = u.organisation_id and t.id = u.team_id`);
    await change.execute(sql`
      insert into reports (organisation_id, activation_id, number, hash, received_at, verdict)
      select ${organisationId}, d.id, 1, ${nothing}, ${change.at}, 'newest' from unnest(${ids}) as d (id)`);
    await change.execute(sql`
      insert into mailboxes (address, organisation_id, direction, activation_id)
      select m.address, ${organisationId}, m.direction, d.id
      from unnest(${ids}, ${column(({ addresses }) => addresses.down, "text")},
        ${column(({ addresses }) => addresses.up, "text")}) as d (id, down, up)
      cross join lateral (values (d.down, 'down'), (d.up, 'up')) as m (address, direction)`);
  });
}

async function startRelay(folder: string) {
  const place = { LOCKSTEP_RELAY_DATA: folder };
  const adding = new Program(place, ["--add-account"]);
  await adding.ended();
  const [token] = /(?<=: )lockstep-relay_\S+/.exec(adding.output) ?? [];
  if (token === undefined) throw new Error("a new account has a token");
  const program = new Program(place);
  return { origin: await program.origin(), token, stop: () => program.stop() };
}

/** @param size how many people, each on one workstation. */
export async function makeFleet({ writing, folder }: Setting, size: number): Promise<Fleet> {
  const place = join(folder, `relay-${randomUUID()}`);
  let fleet: Fleet | undefined;
  const taken = await timed(async () => {
    const home = await makeHome(writing, size);
    const devices = Array.from({ length: size }, () => ({
      activationId: uuid() as ActivationId,
      userId: uuid() as UserId,
      sign: newSigningKey(),
      secrets: newActivationSecrets(),
    }));
    const { recipient } = await newBoxKey();
    const addresses = await openMailboxes(place, devices);
    for (let from = 0; from < size; from += batch) {
      const rows: Row[] = [];
      for (const [at, device] of devices.slice(from, from + batch).entries()) {
        const of = { ...home, activationId: device.activationId };
        const sealed = await sealActivationSecrets(writing.keyEncryption, of, device.secrets);
        rows.push({ ...device, ...sealed, addresses: addresses[from + at] ?? { down: "", up: "" } });
      }
      await insertRows(writing, home, rows, recipient);
    }
    await sql.raw("vacuum analyze").execute(writing.database.kysely);
    const { origin, token, stop } = await startRelay(place);
    const connection = connectionTo({ origin, token }, writing.clock);
    fleet = { ...home, devices, connection, stop };
  });
  note(`${size} workstations in ${seconds(taken)}`);
  if (fleet === undefined) throw new Error("the fleet was made");
  return fleet;
}

/** Everybody should hold something else from now on. */
export async function changePolicy(
  writing: Writing,
  { organisationId, rootTeamId }: Fleet,
  round: number,
): Promise<void> {
  await changeContents(writing, organisationId, (change) =>
    updateTeamPolicy(change, rootTeamId, { "sync.interval": 15 + round }),
  );
}
