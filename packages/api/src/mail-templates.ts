// What mails say, on the wire: the words of each kind in each language, changed by an administrator or as they came.

import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import { mailKinds, mailLanguages } from "./mails.ts";
import { line, nothing, revision } from "./shapes.ts";

const subject = line.max(200).describe("One line. It may name what the text may, but for {link}.");
const text = z
  .string()
  .trim()
  .min(1)
  .max(10_000)
  .regex(/^(?:[^\p{Cc}]|\n)*$/u, "expected lines of text")
  .describe(
    "Paragraphs, with an empty line between two of them. {name} and the like are filled in; a paragraph that is nothing but {link} becomes the button. A paragraph that names what there is not, as a reason that nobody gave, is left out.",
  );
const button = line.max(100).nullable().describe("What the button says; null for a kind that has none.");

const words = { subject, text, button };

const placeholder = z.object({
  name: z.string().describe("Written in braces."),
  meaning: z.string(),
  isRequired: z.boolean().describe("Whether the text must have it."),
  example: z.string().describe("What a preview shows for it."),
});

const mailTemplate = z
  .object({
    kind: z.enum(mailKinds),
    language: z.enum(mailLanguages),
    ...words,
    isOwn: z.boolean().describe("Whether an administrator has changed it."),
    placeholders: z.array(placeholder),
    revision,
  })
  .meta({ id: "MailTemplate", description: "What mails of one kind say in one language." });
export type MailTemplate = z.output<typeof mailTemplate>;

const ofTemplate = z.object({ kind: z.enum(mailKinds), language: z.enum(mailLanguages) });
const path = "/mail-templates/:kind/:language";
const unfit = ["mail_placeholder_unknown", "mail_placeholder_missing"] as const;

export const listMailTemplates = endpoint({
  method: "GET",
  path: "/mail-templates",
  summary: "What mails say: every kind in every language, and what each may and must name.",
  needs: "read-installation",
  params: nothing,
  query: nothing,
  body: nothing,
  reply: z.object({ templates: z.array(mailTemplate) }),
  refuses: [],
});

export const showMailTemplate = endpoint({
  method: "GET",
  path,
  summary: "What mails of one kind say in one language.",
  needs: "read-installation",
  params: ofTemplate,
  query: nothing,
  body: nothing,
  reply: mailTemplate,
  refuses: [],
  revisionOf: (reply) => reply.revision,
});

export const setMailTemplate = endpoint({
  method: "PUT",
  path,
  summary:
    "Changes what mails of one kind say in one language, also those that wait. HTML is made of the text: whatever is in it is shown as it is written.",
  needs: "edit-mail-server",
  params: ofTemplate,
  query: nothing,
  body: z.strictObject(words),
  reply: mailTemplate,
  refuses: unfit,
  revisionOf: (reply) => reply.revision,
  needsMatch: true,
});

export const resetMailTemplate = endpoint({
  method: "DELETE",
  path,
  summary: "Gives mails of one kind in one language back the words that they came with.",
  needs: "edit-mail-server",
  params: ofTemplate,
  query: nothing,
  body: nothing,
  reply: mailTemplate,
  refuses: [],
  revisionOf: (reply) => reply.revision,
  needsMatch: true,
});

export const previewMailTemplate = endpoint({
  method: "POST",
  path: `${path}/preview`,
  summary: "A mail with these words as it would be read, to somebody made up. Nothing is kept or sent.",
  needs: "read-installation",
  params: ofTemplate,
  query: nothing,
  body: z.strictObject(words),
  reply: z.object({ subject: z.string(), text: z.string(), html: z.string() }),
  refuses: unfit,
});
