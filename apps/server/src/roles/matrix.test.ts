// Every role × every kind of place × everybody who could grant or withdraw it there, asked of the running interface.
// What it answers is matrix.table.txt, to be read; that it is what core says is compared, case by case.

import { authorities, organisations, type Organisation } from "@lockstep/api";
import { canAppoint, holdsIn, sees, type Actor, type GrantedRole, type UserId } from "@lockstep/core";
import { beforeAll, expect, test } from "vitest";

import { addPerson, appoint } from "../accounts/testing.ts";
import { exampleName } from "../example.ts";
import { useExampleApp } from "../http/testing/app.ts";
import { makeOwnOrganisation } from "../http/testing/organisation.ts";
import { askFor } from "./testing.ts";

const example = useExampleApp();

const people = {
  "system-administrator": "sol",
  "authority-administrator": "noor",
  "organisation-manager": "ada",
  helpdesk: "emil",
  user: "ines",
} as const;
type Person = keyof typeof people;
const everybody = [...(Object.keys(people) as Person[]), "nobody"] as const;
type Somebody = (typeof everybody)[number];
const roles = Object.keys(holdsIn) as GrantedRole[];
const verbs = ["grant", "withdraw"] as const;
type Verb = (typeof verbs)[number];

const placeNames = [
  "the manager's organisation",
  "another organisation",
  "the authority's office",
  "the installation's office",
  "another authority's office",
] as const;
type PlaceName = (typeof placeNames)[number];
type Place = Organisation & { readonly userId: UserId };

const places = new Map<PlaceName, Place>();

function placeOf(name: PlaceName): Place {
  const place = places.get(name);
  if (place === undefined) throw new Error("everything was set up");
  return place;
}

beforeAll(async () => {
  const other = await (
    await example.callAs("mia")
  )(authorities.createAuthority, {
    body: { name: "Accident Board" },
  });
  const { params: another } = await makeOwnOrganisation(example);
  const all = (await (await example.callAs("sol"))(organisations.listOrganisations)).organisations;
  const ours = all.find(({ name }) => name === exampleName);
  const isPlace: Record<PlaceName, (each: Organisation) => boolean> = {
    "the manager's organisation": ({ id }) => id === ours?.id,
    "another organisation": ({ id }) => id === another.organisationId,
    "the authority's office": ({ office, authorityId }) =>
      office === "authority" && authorityId === ours?.authorityId,
    "the installation's office": ({ office }) => office === "installation",
    "another authority's office": ({ id }) => id === other.officeId,
  };
  for (const name of placeNames) {
    const place = all.find(isPlace[name]);
    if (place === undefined) throw new Error(`there is no place ${name}`);
    places.set(name, { ...place, ...(await addPerson(example, place.id)) });
  }
});

const homes: Record<Person, PlaceName> = {
  "system-administrator": "the installation's office",
  "authority-administrator": "the authority's office",
  "organisation-manager": "the manager's organisation",
  helpdesk: "the manager's organisation",
  user: "the manager's organisation",
};

/** What core says. */
function expected(verb: Verb, who: Somebody, role: GrantedRole, place: Place): string {
  if (who === "nobody") return "sign_in_required";
  const { id, authorityId: ownAuthority } = placeOf(homes[who]);
  const actor: Actor = { role: who, userId: "the actor", organisationId: id, authorityId: ownAuthority };
  const { userId, authorityId, office } = place;
  const target = { userId, organisationId: place.id, authorityId, office, isLastAdministrator: false };
  if (!canAppoint([actor], `${verb}-role`, target).allowed) {
    return sees([actor], { ...target, userId: null }) ? "permission_denied" : "organisation_not_found";
  }
  if (holdsIn[role] === office) return "done";
  return verb === "grant" ? "role_misplaced" : "role_not_held";
}

async function attempt(verb: Verb, who: Somebody, role: GrantedRole, place: Place): Promise<string> {
  const { id: placeId, userId, office } = place;
  const isHeld = verb === "withdraw" && holdsIn[role] === office;
  if (isHeld) {
    // Somebody else holds it too, so that it is nobody's last one.
    const other = await addPerson(example, placeId);
    for (const each of [userId, other.userId]) {
      await appoint(example, placeId, { userId: each, role, scopeId: placeId });
    }
  }
  const token = who === "nobody" ? "" : await example.tokenOf(people[who]);
  const { status, body } = await askFor(example, verb, { token, placeId, role, userId });
  return status === 204 ? "done" : (body.code ?? String(status));
}

const answered = new Map<string, string>();
const cases = verbs.flatMap((verb) => roles.map((role) => [verb, role] as const));

test.each(cases)(
  "INV-21: %s %s: whom core lets, where the role holds, and nobody else",
  async (verb, role) => {
    for (const name of placeNames) {
      for (const who of everybody) {
        const place = placeOf(name);
        const outcome = await attempt(verb, who, role, place);
        expect(outcome, `${who}, in ${name}`).toBe(expected(verb, who, role, place));
        answered.set(`${verb} ${role} ${name} ${who}`, outcome);
      }
    }
  },
);

test("matrix.table.txt says who grants and withdraws which role, and where", async () => {
  const tables = cases.map(([verb, role]) => {
    const rows = placeNames.map((name) => [
      `in ${name}`,
      ...everybody.map((who) => answered.get(`${verb} ${role} ${name} ${who}`) ?? ""),
    ]);
    const head = [`Who may ${verb} ${role}`, ...everybody];
    return [head, ...rows]
      .map((row) =>
        row
          .map((cell, at) => cell.padEnd(at === 0 ? 42 : 25))
          .join("")
          .trimEnd(),
      )
      .join("\n");
  });
  await expect(`${tables.join("\n\n")}\n`).toMatchFileSnapshot("./matrix.table.txt");
});
