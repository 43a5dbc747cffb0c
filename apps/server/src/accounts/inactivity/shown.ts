// How accounts without activity are dealt with, as it is shown, and what another number of days would do.

import type { inactivity, Inactivity } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import type { z } from "zod";

import type { Snapshot } from "../../db/database.ts";
import { isTooMany, listLastAdministrators } from "../commands/inactivity.ts";
import { loadRules } from "../rules/store.ts";
import { countDue, findHold, firstWarningDays, listComing, listExemptions } from "./store.ts";

export async function gatherInactivity(
  snapshot: Snapshot,
  organisationId: OrganisationId,
): Promise<Inactivity> {
  const { inactiveDays } = await loadRules(snapshot, organisationId);
  const held = await findHold(snapshot, organisationId);
  return {
    inactiveDays,
    held: held?.confirmedAt === null ? { at: held.at, due: held.due, accounts: held.accounts } : null,
    exemptions: await listExemptions(snapshot, organisationId),
  };
}

type Preview = z.output<typeof inactivity.previewInactivity.reply>;

const dayMilliseconds = 86_400_000;
const shown = 50;

/** What a run at this moment would do if accounts were disabled after so many days. */
export async function previewInactivity(
  snapshot: Snapshot,
  organisationId: OrganisationId,
  { inactiveDays, at }: { inactiveDays: number; at: Date },
): Promise<Preview> {
  const terms = { at, inactiveDays, not: await listLastAdministrators(snapshot, organisationId) };
  const { due, early, accounts } = await countDue(snapshot, organisationId, terms);
  const until = new Date(at.getTime() + firstWarningDays * dayMilliseconds);
  const people = await listComing(snapshot, organisationId, { ...terms, until, limit: shown });
  return {
    ...{ accounts, disabled: due, warned: early, people },
    // Those who would be warned now are disabled together two weeks later.
    wouldBeHeld: isTooMany(due, accounts) || isTooMany(early, accounts),
  };
}
