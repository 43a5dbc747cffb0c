import { organisations, roleHolders } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { expect, test } from "vitest";

import { addPerson, appoint, putInState } from "../accounts/testing.ts";
import { useExampleApp } from "../http/testing/app.ts";
import { makeOwnOrganisation } from "../http/testing/organisation.ts";

const example = useExampleApp();

async function holdersOf(organisationId: OrganisationId, name: string) {
  const call = await example.callAs(name);
  return (await call(roleHolders.listRoleHolders, { params: { organisationId } })).holders;
}

test("an organisation names who holds which role in it, from wherever, and who is the last", async () => {
  const { params } = await makeOwnOrganisation(example);
  const { organisationId } = params;
  const { userId } = await addPerson(example, organisationId);
  const scopeId = organisationId;
  await appoint(example, organisationId, { userId, role: "helpdesk", scopeId });
  expect(await holdersOf(organisationId, "mia")).toMatchObject([
    { role: "organisation-manager", user: { name: "Mia Holt" }, livesHere: false, isLast: true },
    { role: "helpdesk", user: { id: userId }, livesHere: true, canSignIn: true, isLast: false },
  ]);
  await appoint(example, organisationId, { userId, role: "organisation-manager", scopeId });
  const isLastOf = async () =>
    (await holdersOf(organisationId, "mia"))
      .filter(({ role }) => role === "organisation-manager")
      .map(({ user, isLast }) => [user.name, isLast]);
  expect(await isLastOf()).toEqual([
    ["Mia Holt", false],
    ["Some Body", false],
  ]);
  // Who cannot sign in is nobody to rely on.
  await putInState(example, organisationId, { userId, state: "blocked" });
  expect(await isLastOf()).toEqual([
    ["Mia Holt", true],
    ["Some Body", false],
  ]);
});

test("an office names who holds a role in its authority or in the installation", async () => {
  const call = await example.callAs("mia");
  const { organisations: all } = await call(organisations.listOrganisations);
  const office = all.find((each) => each.office === "installation");
  if (office === undefined) throw new Error("there is an installation");
  const names = (await holdersOf(office.id, "mia")).map(({ role, user }) => [role, user.name]);
  expect(names).toEqual([
    ["system-administrator", "Mia Holt"],
    ["system-administrator", "Sol Ferrer"],
  ]);
});
