// What an administrator has mails say: rows of the installation's office, one for each kind and language.

import { mails, type MailKind, type MailLanguage } from "@lockstep/api";
import { z } from "zod";

import type { Change } from "../../db/change.ts";
import type { Reader } from "../../db/database.ts";
import { sql } from "../../db/sql.ts";
import type { Words } from "../words.ts";

const template = z.object({
  kind: z.string(),
  language: z.enum(mails.mailLanguages),
  subject: z.string().nullable(),
  text: z.string().nullable(),
  button: z.string().nullable(),
  revision: z.int(),
});

export interface Template {
  readonly kind: MailKind;
  readonly language: MailLanguage;
  /** Null for the words that it came with. */
  readonly words: Words | null;
  readonly revision: number;
}

/** Without a row. */
const firstRevision = 1;

/** Kinds that only a newer server knows are left out. */
function parsed(row: z.output<typeof template>): Template[] {
  const { language, subject, text, button, revision } = row;
  const kind = mails.mailKinds.find((each) => each === row.kind);
  if (kind === undefined) return [];
  const words = subject === null || text === null ? null : { subject, text, button };
  return [{ kind, language, words, revision }];
}

// There is one office for all, whichever the organisation_id.
const rows = sql`select t.kind, t.language, t.subject, t.body as text, t.button, t.revision
  from mail_templates t join organisations o on o.id = t.organisation_id and o.office = 'installation'`;

/** Those that were ever changed. */
export async function listTemplates(reader: Reader): Promise<Template[]> {
  return (await reader.rows(template, rows)).flatMap(parsed);
}

export async function findTemplate(
  reader: Reader,
  { kind, language }: Pick<Template, "kind" | "language">,
): Promise<Template> {
  const found = await reader.rows(template, sql`${rows} where t.kind = ${kind} and t.language = ${language}`);
  return found.flatMap(parsed)[0] ?? { kind, language, words: null, revision: firstRevision };
}

/** @param changed of the revision that was edited; without words, those that it came with. @returns whether it still was that one. */
export async function putTemplate(
  change: Change,
  { kind, language, words, revision }: Template,
): Promise<boolean> {
  const { organisationId } = change;
  const { subject = null, text = null, button = null } = words ?? {};
  const written =
    revision === firstRevision
      ? await change.execute(sql`
          insert into mail_templates (organisation_id, kind, language, subject, body, button, revision)
          values (${organisationId}, ${kind}, ${language}, ${subject}, ${text}, ${button}, ${revision + 1})
          on conflict do nothing`)
      : await change.execute(sql`
          update mail_templates set subject = ${subject}, body = ${text}, button = ${button}, revision = revision + 1
          where organisation_id = ${organisationId} and kind = ${kind} and language = ${language}
            and revision = ${revision}`);
  return written > 0;
}
