// What journeys through the example know beforehand: who and what is there, by the contract that the console uses.

import { organisations, standings, teams } from "@lockstep/api";

import { signInTo } from "../apps/server/src/testing.ts";

export type Example = Awaited<ReturnType<typeof readExample>>;

export async function readExample(origin: string) {
  const { call } = await signInTo(origin, "ada");
  const [organisation] = (await call(organisations.listOrganisations)).organisations;
  if (organisation === undefined) throw new Error("the example has an organisation");
  const params = { organisationId: organisation.id };
  const { teams: all } = await call(teams.listTeams, { params });
  const list = () => call(standings.listUsers, { params, query: { limit: 200 } });
  const { users } = await list();
  const home = `/organisations/${organisation.id}`;
  const found = (these: readonly { id: string; name: string }[], name: string) => {
    const one = these.find((each) => each.name === name);
    if (one === undefined) throw new Error(`the example has no ${name}`);
    return one.id;
  };
  return {
    list,
    home,
    teamPath: (name: string) => `${home}/teams/${found(all, name)}`,
    userPath: (name: string) => `${home}/users/${found(users, name)}`,
  };
}
