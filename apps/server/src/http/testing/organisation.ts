// An organisation of the test's own beside the example, and somebody who manages it.

import { organisations, teams, users, type Call, type Team, type User } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { v7 as uuid } from "uuid";

import type { ExampleApp } from "./app.ts";

export interface OwnOrganisation {
  /** As its manager. */
  readonly call: Call;
  readonly params: { readonly organisationId: OrganisationId };
  readonly root: Team;
  readonly team: (name: string, parent?: Team) => Promise<Team>;
  readonly people: (count: number, team?: Team) => Promise<User[]>;
}

/** Made and managed by Mia. */
export async function makeOwnOrganisation(example: ExampleApp): Promise<OwnOrganisation> {
  const call = await example.callAs("mia");
  const [any] = (await call(organisations.listOrganisations)).organisations.filter(
    ({ office }) => office === "none",
  );
  if (any === undefined || any.authorityId === null) throw new Error("the example has an authority");
  const { id: organisationId } = await call(organisations.createOrganisation, {
    params: { authorityId: any.authorityId },
    body: { name: `Organisation ${uuid()}`, managedByMe: true },
  });
  const params = { organisationId };
  const [root] = (await call(teams.listTeams, { params })).teams;
  if (root === undefined) throw new Error("every organisation has a root team");
  return {
    call,
    params,
    root,
    team: (name, parent = root) => call(teams.createTeam, { params, body: { name, parentId: parent.id } }),
    people: async (count, team = root) => {
      const added: User[] = [];
      for (let at = 0; at < count; at++) {
        const body = { name: `Person ${at}`, username: `${uuid()}@own.example`, teamId: team.id };
        added.push(await call(users.addUser, { params, body }));
      }
      return added;
    },
  };
}
