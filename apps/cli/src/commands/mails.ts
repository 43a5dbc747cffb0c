// Mails: the server that takes them, how each has come along, and those that wait without one.

import { readFileSync } from "node:fs";

import { mails, type Mail, type MailServer } from "@lockstep/api";
import type { Command } from "commander";

import { oneOf, wholeNumber } from "../arguments.ts";
import { wrongUsage } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { counted, fields, momentOf, table } from "../layout.ts";
import { pick } from "../naming.ts";
import { askSecret } from "../terminal.ts";

const securityWords = { tls: "TLS", starttls: "TLS (STARTTLS)", none: "no TLS, on its own machine" } as const;

function serverScreen({ server, waiting, failed }: MailServer): string {
  const counts = [
    ["waiting", counted(waiting, "mail")],
    ["given up", `${counted(failed, "mail")} in the last thirty days`],
  ] as const;
  if (server === null) return fields([["server", "none: mails wait"], ...counts]);
  const { host, port, security, sender, userName } = server;
  return fields([
    ["server", `${host}:${port}, ${securityWords[security]}`],
    ["from", sender],
    ["signs in", userName ?? "no"],
    ...counts,
  ]);
}

interface Settings {
  readonly port: number;
  readonly security: "tls" | "starttls" | "none";
  readonly from: string;
  readonly user?: string;
  readonly certificates?: string;
}

async function setServer(invocation: Invocation, host: string, settings: Settings): Promise<void> {
  const { port, security, from: sender, user, certificates: file } = settings;
  const { call } = invocation.connection();
  const { revision: match } = await call(mails.showMailServer);
  const password =
    user === undefined ? "" : await askSecret(`password of ${user}; empty to keep the saved one`);
  const body = {
    ...{ host, port, security, sender, userName: user ?? null },
    certificates: file === undefined ? null : certificatesIn(file),
    ...(password === "" ? {} : { password }),
  };
  const server = await call(mails.setMailServer, { match, body });
  invocation.show(server, () => serverScreen(server));
}

function certificatesIn(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    throw wrongUsage(`the certificates cannot be read from ${file}`, "a file of certificates as PEM");
  }
}

export function addMailServerCommands(program: Command, invocation: Invocation): void {
  const noun = program
    .command("mail-server")
    .description("The SMTP server that takes all mails; a system administrator's.");

  noun
    .command("show")
    .description("Which server it is, and how many mails wait or were given up.")
    .action(async () => {
      const server = await invocation.connection().call(mails.showMailServer);
      invocation.show(server, () => serverScreen(server));
    });

  noun
    .command("set")
    .description("Says which server it is. The password is asked for, or read from standard input.")
    .argument("<host>", "its name or address")
    .requiredOption("--from <address>", "the address that mails come from")
    .option("--port <number>", "587 if left out", wholeNumber, 587)
    .option(
      "--security <kind>",
      "tls, starttls, or none for a server on its own machine; starttls if left out",
      oneOf(["tls", "starttls", "none"]),
      "starttls",
    )
    .option("--user <name>", "whose account it is used with; without one it is not signed in to")
    .option("--certificates <file>", "authorities to trust instead of the system's, as PEM")
    .action((host: string, settings: Settings) => setServer(invocation, host, settings));

  noun
    .command("remove")
    .description("Forgets the server and its password. Mails wait from then on.")
    .action(async () => {
      const { call } = invocation.connection();
      const { revision: match } = await call(mails.showMailServer);
      const server = await call(mails.removeMailServer, { match });
      invocation.show(server, () => "Forgot the mail server: mails wait.");
    });

  noun
    .command("test")
    .description("Sends a mail that says nothing but that it arrived.")
    .argument("<address>", "to whom")
    .action(async (to: string) => {
      const reply = await invocation.connection().call(mails.testMailServer, { body: { to } });
      invocation.show(reply, () => `The mail server has taken a mail to ${to}.`);
    });
}

function listScreen(all: readonly Mail[]): string {
  if (all.length === 0) return "No mails.";
  const rows = all.map(({ postedAt, kind, user, state, failure, id }) => [
    momentOf(postedAt),
    kind,
    user.username,
    state,
    failure,
    id,
  ]);
  return table(["POSTED", "KIND", "TO", "STATE", "FAILURE", "ID"], rows);
}

async function openMail(invocation: Invocation, text: string): Promise<void> {
  const { call } = invocation.connection();
  const { mails: waiting } = await call(mails.listMails, { query: { state: "waiting", limit: 200 } });
  const { id: mailId, organisationId } = pick<Mail>(waiting, text, {
    noun: "mail",
    place: "that waits",
    namesOf: ({ id, user }) => [id, user.username],
    labelOf: ({ id, kind }) => `${id} (${kind})`,
    list: "all of them: lockstep mails list --state waiting",
  });
  const opened = await call(mails.openMail, { params: { organisationId, mailId } });
  invocation.show(opened, () => `To: ${opened.to ?? "nobody"}\nSubject: ${opened.subject}\n\n${opened.text}`);
}

export function addMailCommands(program: Command, invocation: Invocation): void {
  const noun = program
    .command("mails")
    .alias("mail")
    .description("Mails to users, and how far each has come; a system administrator's.");

  noun
    .command("list")
    .description("The latest, newest first.")
    .option("--state <state>", mails.mailStates.join(", "), oneOf(mails.mailStates))
    .action(async ({ state }: { state?: (typeof mails.mailStates)[number] }) => {
      const query = { limit: 50, ...(state === undefined ? {} : { state }) };
      const reply = await invocation.connection().call(mails.listMails, { query });
      invocation.show(reply, () => listScreen(reply.mails));
    });

  noun
    .command("open")
    .description(
      [
        "Shows a mail that waits because there is no mail server, to be handed over in another way. Each time is",
        "recorded: whoever has its link can act for the user.",
      ].join(" "),
    )
    .argument("<mail>", "its id, or the username of whom it is for")
    .action((text: string) => openMail(invocation, text));
}
