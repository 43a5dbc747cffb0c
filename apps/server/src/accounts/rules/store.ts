// What an organisation decides about the accounts of its people. Without a row it is what every one starts with.

import { accounts, mails } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { z } from "zod";

import type { Change } from "../../db/change.ts";
import type { Reader } from "../../db/database.ts";
import { sql } from "../../db/sql.ts";

const rules = z.object({
  unblocking: z.enum(["compatible", "strict"]),
  inactiveDays: z.int(),
  mailLanguage: z.enum(mails.mailLanguages),
  digest: z.enum(accounts.digests),
  secondFactor: z.enum(accounts.secondFactorRules),
  singleSignOnFor: z.enum(accounts.singleSignOnRules),
  revision: z.int(),
});

export type Rules = z.output<typeof rules>;

const first: Rules = {
  unblocking: "compatible",
  inactiveDays: 90,
  mailLanguage: "en",
  digest: "weekly",
  secondFactor: "optional",
  singleSignOnFor: "users",
  revision: 1,
};

export async function loadRules(reader: Reader, organisationId: OrganisationId): Promise<Rules> {
  const row = await reader.row(
    rules,
    sql`select unblocking, inactive_days as "inactiveDays", mail_language as "mailLanguage", digest,
        second_factor as "secondFactor", single_sign_on_for as "singleSignOnFor", revision from account_rules
      where organisation_id = ${organisationId}`,
  );
  return row ?? first;
}

/** @returns whether they were still in the revision that was edited. */
export async function putRules(
  change: Change,
  { unblocking, inactiveDays, mailLanguage, digest, secondFactor, singleSignOnFor, revision }: Rules,
): Promise<boolean> {
  const { organisationId } = change;
  const written =
    revision === first.revision
      ? await change.execute(sql`
          insert into account_rules (organisation_id, unblocking, inactive_days, mail_language, digest, second_factor,
            single_sign_on_for, revision)
          values (${organisationId}, ${unblocking}, ${inactiveDays}, ${mailLanguage}, ${digest}, ${secondFactor},
            ${singleSignOnFor}, ${revision + 1})
          on conflict do nothing`)
      : await change.execute(sql`
          update account_rules set unblocking = ${unblocking}, inactive_days = ${inactiveDays},
            mail_language = ${mailLanguage}, digest = ${digest}, second_factor = ${secondFactor},
            single_sign_on_for = ${singleSignOnFor}, revision = revision + 1
          where organisation_id = ${organisationId} and revision = ${revision}`);
  return written > 0;
}
