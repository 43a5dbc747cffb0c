// Takes chosen people out of the product, and records that: who took personal data is in the audit.

import type { ExportedPerson, peopleExports } from "@lockstep/api";
import { accountReasonsOf, dayOf, type OrganisationId, type UserId } from "@lockstep/core";
import type { z } from "zod";

import { changeFacts, type Writing } from "../../facts/change.ts";
import { Refusal } from "../../refusal.ts";
import { meaningOf } from "../../standing/facts-code.ts";
import { describedAmong } from "../../standing/store.ts";
import { listForExport } from "../exports/store.ts";
import { loadRules } from "../rules/store.ts";

type Found = Awaited<ReturnType<typeof listForExport>>[number];

/** @throws Refusal user_not_found: unless all of them are there nobody is exported. */
export async function exportPeople(
  writing: Writing,
  organisationId: OrganisationId,
  named: readonly UserId[],
): Promise<z.output<typeof peopleExports.exportPeople.reply>> {
  const userIds = [...new Set(named)];
  return changeFacts(writing, organisationId, async (change) => {
    const { at } = change;
    const { inactiveDays } = await loadRules(change, organisationId);
    const asked = { described: describedAmong(organisationId, userIds, dayOf(at)), at, inactiveDays };
    const found = new Map(
      (await listForExport(change, organisationId, asked)).map((each) => [each.id, each]),
    );
    const people = userIds.map((userId) => {
      const each = found.get(userId);
      if (each === undefined) throw new Refusal("user_not_found");
      return exported(each);
    });
    const count = people.filter(({ verdict }) => verdict === "exported").length;
    change.record({ kind: "people-exported", detail: { people: count } });
    return { at: at.toISOString(), people };
  });
}

function exported({ code, blockedAt, disabledAt, ...person }: Found): ExportedPerson {
  const { account: facts, statuses } = meaningOf(code);
  const { id, username } = person;
  if (statuses.account === "deleted") return { verdict: "deleted", id, username };
  const accountReason = accountReasonsOf(facts)[0]?.code ?? null;
  const disabledSince = accountReason === "disabled-for-inactivity" ? disabledAt : null;
  const accountSince = accountReason === "blocked" ? blockedAt : disabledSince;
  return { verdict: "exported", ...person, ...statuses, accountReason, accountSince };
}
