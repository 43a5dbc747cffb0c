// What will happen by itself, of every kind, in one order.

import type { Expected, forecast } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";

import { listLastAdministrators } from "../accounts/commands/inactivity.ts";
import { listComing } from "../accounts/inactivity/store.ts";
import { loadRules } from "../accounts/rules/store.ts";
import type { Snapshot } from "../db/database.ts";
import { listBlockEnds, listCodeEnds, listLicenceEnds, type DatedUser, type Window } from "./store.ts";

type Kind = (typeof forecast.forecastKinds)[number];

const ofUser =
  (kind: Kind) =>
  ({ id, name, username, on }: DatedUser): Expected => ({
    ...{ kind, on, user: { id, name, username }, licence: null },
  });

async function listSoonDisabled(
  snapshot: Snapshot,
  organisationId: OrganisationId,
  window: Window,
): Promise<DatedUser[]> {
  const { inactiveDays } = await loadRules(snapshot, organisationId);
  const not = await listLastAdministrators(snapshot, organisationId);
  const coming = await listComing(snapshot, organisationId, { ...window, inactiveDays, not });
  return coming.map(({ disabledOn, ...person }) => ({ ...person, on: disabledOn }));
}

const gatherers: Record<Kind, (...of: [Snapshot, OrganisationId, Window]) => Promise<Expected[]>> = {
  "account-disabled": async (...of) => (await listSoonDisabled(...of)).map(ofUser("account-disabled")),
  "block-ends": async (...of) => (await listBlockEnds(...of)).map(ofUser("block-ends")),
  "licence-expires": async (...of) =>
    (await listLicenceEnds(...of)).map(({ on, ...licence }) => ({
      ...{ kind: "licence-expires" as const, on, user: null, licence },
    })),
  "activation-code-expires": async (...of) =>
    (await listCodeEnds(...of)).map(ofUser("activation-code-expires")),
};

/** Soonest first. @param kind all of them if left out. */
export async function gatherForecast(
  snapshot: Snapshot,
  organisationId: OrganisationId,
  { kind, ...window }: Window & { kind?: Kind | undefined },
): Promise<Expected[]> {
  const kinds = kind === undefined ? (Object.keys(gatherers) as Kind[]) : [kind];
  const all: Expected[] = [];
  for (const each of kinds) all.push(...(await gatherers[each](snapshot, organisationId, window)));
  return all.sort((a, b) => a.on.localeCompare(b.on));
}
