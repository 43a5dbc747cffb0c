// What mails say: shown as a file that can be changed and given back.

import { readFileSync } from "node:fs";

import { mails, mailTemplates, type MailKind, type MailLanguage, type MailTemplate } from "@lockstep/api";
import type { Command } from "commander";

import { oneOf } from "../arguments.ts";
import { wrongUsage } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { table } from "../layout.ts";

type Words = Pick<MailTemplate, "subject" | "text" | "button">;

const form =
  "Subject: and, if the mail has a button, Button: in the first lines, an empty line, and the text";

/** As it is written in a file. */
function written({ subject, button, text }: Words): string {
  const head = [`Subject: ${subject}`, ...(button === null ? [] : [`Button: ${button}`])];
  return `${head.join("\n")}\n\n${text}`;
}

function parseWords(file: string): Words {
  let text: string;
  try {
    text = readFileSync(file === "-" ? process.stdin.fd : file, "utf8");
  } catch {
    throw wrongUsage(`${file} cannot be read`, "is the name right, and may you read it?");
  }
  const found = /^\uFEFF?Subject:([^\r\n]*)\r?\n(?:Button:([^\r\n]*)\r?\n)?\r?\n([^]+)$/.exec(text);
  const [, subject = "", button, rest = ""] = found ?? [];
  if (found === null) throw wrongUsage(`${file} is not of the form that is needed`, form);
  return { subject: subject.trim(), button: button?.trim() ?? null, text: rest.replaceAll("\r\n", "\n") };
}

function listScreen(templates: readonly MailTemplate[]): string {
  const rows = templates.map(({ kind, language, subject, isOwn }) => [
    kind,
    language,
    subject,
    isOwn ? "changed" : "as it came",
  ]);
  return table(["KIND", "LANGUAGE", "SUBJECT", "WORDS"], rows);
}

function placeholderScreen({ placeholders }: MailTemplate): string {
  const rows = placeholders.map(({ name, isRequired, meaning }) => [
    `{${name}}`,
    isRequired ? "must" : "may",
    meaning,
  ]);
  return table(["PLACEHOLDER", "STANDS", "FOR"], rows);
}

const kindOf = oneOf(mails.mailKinds);

interface Which {
  readonly language: MailLanguage;
}

async function set(
  invocation: Invocation,
  kind: MailKind,
  { file, language }: Which & { file: string },
): Promise<void> {
  const words = parseWords(file);
  const { call } = invocation.connection();
  const params = { kind, language };
  const { revision: match } = await call(mailTemplates.showMailTemplate, { params });
  const reply = await call(mailTemplates.setMailTemplate, { params, match, body: words });
  invocation.show(reply, () => `Mails of the kind ${kind} (${language}) say this from now on.`);
}

async function reset(invocation: Invocation, kind: MailKind, { language }: Which): Promise<void> {
  const { call } = invocation.connection();
  const params = { kind, language };
  const { revision: match } = await call(mailTemplates.showMailTemplate, { params });
  const reply = await call(mailTemplates.resetMailTemplate, { params, match });
  invocation.show(reply, () => `Mails of the kind ${kind} (${language}) say again what they came with.`);
}

async function preview(
  invocation: Invocation,
  kind: MailKind,
  { file, language }: Which & { file: string | undefined },
): Promise<void> {
  const { call } = invocation.connection();
  const params = { kind, language };
  const { subject, text, button } =
    file === undefined ? await call(mailTemplates.showMailTemplate, { params }) : parseWords(file);
  const body = { subject, text, button };
  const reply = await call(mailTemplates.previewMailTemplate, { params, body });
  invocation.show(reply, () => `Subject: ${reply.subject}\n\n${reply.text}`);
}

export function addMailTemplateCommands(program: Command, invocation: Invocation): void {
  const noun = program
    .command("mail-templates")
    .alias("mail-template")
    .description("What mails say, and what administrators have them say instead.");
  const ofOne = (name: string) =>
    noun
      .command(name)
      .argument("<kind>", "lockstep mail-templates list has all of them", kindOf)
      .option("--language <language>", mails.mailLanguages.join(" or "), oneOf(mails.mailLanguages), "en");

  noun
    .command("list")
    .description("Every kind in every language.")
    .option("--language <language>", mails.mailLanguages.join(" or "), oneOf(mails.mailLanguages))
    .action(async ({ language: only }: Partial<Which>) => {
      const { templates: all } = await invocation.connection().call(mailTemplates.listMailTemplates);
      const templates = all.filter(({ language }) => only === undefined || language === only);
      invocation.show({ templates }, () => listScreen(templates));
    });
  ofOne("show")
    .description("The words, as a file that can be changed and set.")
    .option("--placeholders", "what they may and must name instead")
    .action(async (kind: MailKind, { language, placeholders }: Which & { placeholders?: true }) => {
      const params = { kind, language };
      const reply = await invocation.connection().call(mailTemplates.showMailTemplate, { params });
      invocation.show(reply, () => (placeholders === true ? placeholderScreen(reply) : written(reply)));
    });
  ofOne("preview")
    .description("A mail as it would be read, with the words of a file or those that are set.")
    .argument("[file]", "- for standard input")
    .action((kind: MailKind, file: string | undefined, { language }: Which) =>
      preview(invocation, kind, { file, language }),
    );
  ofOne("set")
    .description("Has mails of a kind say what is in a file; a system administrator's.")
    .argument("<file>", `${form}; - for standard input`)
    .action((kind: MailKind, file: string, { language }: Which) => set(invocation, kind, { file, language }));
  ofOne("reset")
    .description("Gives mails of a kind back the words that they came with.")
    .action((kind: MailKind, which: Which) => reset(invocation, kind, which));
}
