// What mails say, as it is shown to administrators: with what each kind may and must name.

import { mails, type MailTemplate } from "@lockstep/api";

import type { Reader } from "../../db/database.ts";
import { fittingWords, placeholdersOf } from "../words.ts";
import { findTemplate, listTemplates, type Template } from "./store.ts";

function shown({ kind, language, words, revision }: Template): MailTemplate {
  const said = fittingWords(kind, language, words);
  const placeholders = placeholdersOf(kind);
  return { kind, language, ...said, isOwn: said === words, placeholders, revision };
}

export async function gatherTemplate(
  reader: Reader,
  which: Pick<Template, "kind" | "language">,
): Promise<MailTemplate> {
  return shown(await findTemplate(reader, which));
}

export async function gatherTemplates(reader: Reader): Promise<MailTemplate[]> {
  const changed = await listTemplates(reader);
  return mails.mailKinds.flatMap((kind) =>
    mails.mailLanguages.map((language) => {
      const own = changed.find((each) => each.kind === kind && each.language === language);
      return shown(own ?? { kind, language, words: null, revision: 1 });
    }),
  );
}
