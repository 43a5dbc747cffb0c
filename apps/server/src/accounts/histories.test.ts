// Random histories of accounts, carried out by the running interface on a real database and compared after every step
// with a model that is simple enough to be believed. LOCKSTEP_ACCOUNT_HISTORIES draws that many, from a seed of its own.

import { organisations } from "@lockstep/api";
import fc from "fast-check";
import { expect, test } from "vitest";

import { sql } from "../db/sql.ts";
import { examplePassword } from "../example-people.ts";
import { exampleNow, useExampleApp } from "../http/testing/app.ts";
import { makeOwnOrganisation } from "../http/testing/organisation.ts";
import { hashPassword } from "../sessions/password.ts";
import { putPassword } from "../sessions/store.ts";
import { addPerson, appoint, tokenFor } from "./testing.ts";
import {
  administrate,
  ofAdministrators,
  own,
  pass,
  rule,
  turn,
  type Ordered,
  type Real,
  type Step,
} from "./testing/steps.ts";
import { newPerson, type World } from "./testing/model.ts";

const example = useExampleApp();
const hash = hashPassword(examplePassword);

const first = ["none", "disabled"] as const;

/** An organisation of its own, with a manager and an authority administrator who live elsewhere and hold nothing else. */
async function begin(): Promise<{ model: World; real: Real }> {
  example.now = exampleNow;
  await example.database.transaction(async (transaction) => {
    await transaction.execute(sql`delete from mails`);
    await transaction.execute(sql`delete from re_enabling_requests`);
  });
  const { params } = await makeOwnOrganisation(example);
  const { organisationId } = params;
  const noor = await example.callAs("noor");
  const all = (await noor(organisations.listOrganisations)).organisations;
  const office = all.find((each) => each.office === "authority");
  if (office === undefined) throw new Error("the authority has an office");
  const tokenIn = async (role: "authority-administrator" | "organisation-manager") => {
    const { userId } = await addPerson(example, office.id);
    const scopeId = role === "organisation-manager" ? organisationId : office.id;
    await appoint(example, office.id, { userId, role, scopeId });
    return tokenFor(example, { organisationId: office.id, userId });
  };
  const people = [];
  for (const state of first) {
    const person = await addPerson(example, organisationId, state);
    people.push(person);
    if (state === "none") continue;
    const kept = { userId: person.userId, hash: await hash, at: example.now };
    await example.database.transaction(async (transaction) => {
      await putPassword(transaction, organisationId, kept);
      await transaction.execute(sql`update users set active_at = ${example.now} where id = ${person.userId}`);
    });
  }
  const now = exampleNow.getTime();
  const tokens = {
    "authority-administrator": await tokenIn("authority-administrator"),
    "organisation-manager": await tokenIn("organisation-manager"),
  };
  const model: World = {
    ...{ now, isOff: false, isStrict: false },
    people: first.map((state) => ({
      ...newPerson(state === "none" ? "none" : "active", now),
      isDisabled: state === "disabled",
    })),
  };
  return { model, real: { example, organisationId, people, tokens } };
}

const who = fc.nat({ max: first.length - 1 });
const ordered = fc.record<Ordered>({
  action: fc.constantFrom(...(Object.keys(ofAdministrators) as Ordered["action"][])),
  who,
  by: fc.constantFrom("authority-administrator", "organisation-manager"),
  days: fc.constantFrom(null, 2, 30),
});

const often = <Item>(times: number, item: Item): Item[] => Array.from({ length: times }, () => item);
const bold = fc.constantFrom(true, ...often(9, false));

const steps: fc.Arbitrary<Step>[] = [
  ...often(
    5,
    fc.tuple(ordered, bold).map(([order, isBold]) => administrate(order, isBold)),
  ),
  ...(["sign in", "activate", "ask for the mail", "confirm"] as const).flatMap((action) =>
    often(
      3,
      fc.tuple(who, bold).map(([index, isBold]) => own(action, index, isBold)),
    ),
  ),
  fc.boolean().map(turn),
  fc.boolean().map(rule),
  // To just before and just after whatever ends by time, and far enough for accounts to idle.
  fc.constantFrom(1, 23, 24, 71, 72).map(pass),
  fc.constantFrom(14, 15, 77).map((days) => pass(days * 24)),
];

const drawn = Number(process.env["LOCKSTEP_ACCOUNT_HISTORIES"] ?? 0);
// A fixed seed, so that a failure is one everywhere.
const runs = drawn > 0 ? { numRuns: drawn } : { numRuns: 8, seed: 20_261_121 };

test(
  "INV-21: after every step of any history every account is what the model says: its status, its bars, who may lift them, and its clock",
  async () => {
    const histories = fc.commands(steps, { size: "max", maxCommands: 120 });
    await fc.assert(
      fc.asyncProperty(histories, async (history) => {
        const begun = await begin();
        await fc.asyncModelRun(() => begun, history);
      }),
      { ...runs, endOnFailure: drawn === 0 },
    );
    expect(runs.numRuns).toBeGreaterThan(0);
  },
  drawn > 0 ? 3_600_000 : 120_000,
);
