// The contract on the wire: endpoints as data, the shapes they carry, the refusals, and a client that parses.

import * as organisations from "./organisations.ts";
import * as standings from "./standing.ts";
import * as teams from "./teams.ts";

export * from "./client.ts";
export * from "./endpoint.ts";
export * from "./refusals.ts";
export type { Organisation } from "./organisations.ts";
export type { Counts, Standing, TimelineEntry, UserRow } from "./standing.ts";
export type { Impact, Proposal, Team } from "./teams.ts";
export { organisations, standings, teams };

/** All that is served, by name. */
export const endpoints = {
  listOrganisations: organisations.listOrganisations,
  showOrganisation: organisations.showOrganisation,
  countInstallation: standings.countInstallation,
  countOrganisation: standings.countOrganisation,
  listUsers: standings.listUsers,
  showStanding: standings.showStanding,
  showTimeline: standings.showTimeline,
  listTeams: teams.listTeams,
  showTeam: teams.showTeam,
  setTeamPolicy: teams.setTeamPolicy,
  revertTeam: teams.revertTeam,
  previewImpact: teams.previewImpact,
};
