// Can I? Every state of an account, against everybody, here and elsewhere: core's two tables, asked of the running
// interface. That doing it goes the same way is the matter of matrix.test.ts.

import { authorities, organisations, sessions, verdicts, type Me, type Organisation } from "@lockstep/api";
import {
  accountAfter,
  accountStates,
  accountStatusOf,
  canInAnyRole,
  type AccountEvent,
  type AccountState,
  type Action,
  type Actor,
  type UserId,
} from "@lockstep/core";
import { beforeAll, expect, test } from "vitest";

import { exampleName } from "../example.ts";
import { useExampleApp } from "../http/testing/app.ts";
import { addPerson, putInState } from "./testing.ts";

const example = useExampleApp();

const people = {
  "system-administrator": "sol",
  "authority-administrator": "noor",
  "organisation-manager": "ada",
  helpdesk: "emil",
  user: "ines",
} as const;
type Person = keyof typeof people;

const places = ["organisation", "own office", "installation office", "other office"] as const;
type PlaceName = (typeof places)[number];

const found = new Map<PlaceName, Organisation & { userId: UserId }>();
const users = new Map<Person, Me["user"]>();
const homes = new Map<Person, Pick<Actor, "organisationId" | "authorityId">>();

function placeOf(name: PlaceName): Organisation & { userId: UserId } {
  const place = found.get(name);
  if (place === undefined) throw new Error(`there is no ${name}`);
  return place;
}

beforeAll(async () => {
  const mia = await example.callAs("mia");
  const other = await mia(authorities.createAuthority, { body: { name: "Accident Board" } });
  const sol = await example.callAs("sol");
  const all = (await sol(organisations.listOrganisations)).organisations;
  const ours = all.find(({ name }) => name === exampleName);
  const isPlace: Record<PlaceName, (each: Organisation) => boolean> = {
    organisation: ({ id }) => id === ours?.id,
    "own office": ({ office, authorityId }) => office === "authority" && authorityId === ours?.authorityId,
    "installation office": ({ office }) => office === "installation",
    "other office": ({ id }) => id === other.officeId,
  };
  for (const name of places) {
    const place = all.find(isPlace[name]);
    if (place === undefined) throw new Error(`there is no ${name}`);
    const { userId } = await addPerson(example, place.id);
    found.set(name, { ...place, userId });
  }
  for (const role of Object.keys(people) as Person[]) {
    const { user } = await (await example.callAs(people[role]))(sessions.showSession);
    users.set(role, user);
  }
  const at = (name: PlaceName) => ({
    organisationId: placeOf(name).id,
    authorityId: placeOf(name).authorityId,
  });
  homes.set("system-administrator", at("installation office"));
  homes.set("authority-administrator", at("own office"));
  for (const role of ["organisation-manager", "helpdesk", "user"] as const)
    homes.set(role, at("organisation"));
});

/** Every event that somebody can cause, with the action that the permission matrix knows it by. */
const caused: readonly (readonly [AccountEvent, Action])[] = [
  ["invite", "invite-account"],
  ["withdraw-invitation", "withdraw-invitation"],
  ["resend-invitation", "resend-invitation"],
  ["block", "block-account"],
  ["unblock", "unblock-account"],
  ["set-disabled", "set-disabled"],
  ["clear-disabled", "clear-disabled"],
  ["re-enable", "re-enable-account"],
  ["execute-deletion", "execute-deletion"],
];

test.each(caused)(
  "whoever asks is told whether %s is allowed, by which rule, and what would follow, in every state",
  async (event, action) => {
    const mia = await example.callAs("mia");
    for (const state of Object.keys(accountStates) as AccountState[]) {
      for (const at of places) {
        const { id: organisationId, authorityId, office, userId } = placeOf(at);
        await putInState(example, organisationId, { userId, state });
        for (const role of Object.keys(people) as Person[]) {
          const home = homes.get(role);
          const user = users.get(role);
          if (home === undefined || user === undefined) throw new Error("everybody lives somewhere");
          const query = { action, actor: user.id, actorOrganisation: user.organisationId };
          const told = await mia(verdicts.showVerdict, { params: { organisationId, userId }, query });
          const target = { userId, organisationId, authorityId, office, isLastAdministrator: false };
          const actor = { userId: user.id, ...home };
          const { allowed, rule } = canInAnyRole(
            [
              { ...actor, role: "user" },
              { ...actor, role },
            ],
            action,
            target,
          );
          const after = accountAfter(accountStates[state], event);
          const isOn = { organisation: "enabled", authority: "enabled" } as const;
          const wanted = !allowed
            ? { allowed, rule, standing: null }
            : "refused" in after
              ? { allowed: false, rule: after.refused, standing: null }
              : { allowed, rule, standing: { account: accountStatusOf({ ...after.marks, ...isOn }) } };
          expect(told, `${role} in the ${at}, ${state}`).toMatchObject(wanted);
        }
      }
    }
  },
);

test("whoever cannot sign in may nothing, and nobody asks about somebody out of sight", async () => {
  const { id: organisationId, userId } = placeOf("organisation");
  const ada = await example.callAs("ada");
  const params = { organisationId, userId };
  const { userId: actor } = await addPerson(example, organisationId, "blocked");
  const asked = await ada(verdicts.showVerdict, { params, query: { action: "block-account", actor } });
  expect(asked).toMatchObject({ allowed: false, rule: "cannot-sign-in" });
  const { user } = await (await example.callAs("sol"))(sessions.showSession);
  const hidden = { action: "block-account", actor: user.id, actorOrganisation: user.organisationId } as const;
  const asking = ada(verdicts.showVerdict, { params, query: hidden });
  await expect(asking).rejects.toMatchObject({ code: "user_not_found" });
});
