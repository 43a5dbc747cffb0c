// Changes what mails say, or gives them back the words that they came with.

import { changeFacts, type Writing } from "../../facts/change.ts";
import { findInstallationOffice } from "../../organisations/store.ts";
import { Refusal } from "../../refusal.ts";
import { findTemplate, putTemplate, type Template } from "../templates/store.ts";
import { refuseUnfit } from "../words.ts";

/**
 * @param template with the revision that was edited; without words it gets its first ones.
 * @throws Refusal mail_placeholder_unknown, mail_placeholder_missing, revision_changed.
 */
export async function setMailTemplate(writing: Writing, template: Template): Promise<void> {
  const { kind, language, words, revision } = template;
  if (words !== null) refuseUnfit(kind, words);
  const office = await writing.database.snapshot(findInstallationOffice);
  if (office === undefined) throw new Error("somebody administers an installation without an office");
  await changeFacts(writing, office.id, async (change) => {
    const former = await findTemplate(change, template);
    if (former.revision !== revision) throw new Refusal("revision_changed");
    if (words === null && former.words === null) return;
    if (!(await putTemplate(change, template))) throw new Refusal("revision_changed");
    const detail = { mail: kind, language };
    change.record({ kind: words === null ? "mail-template-reset" : "mail-template-changed", detail });
  });
}
