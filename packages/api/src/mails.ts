// Mails on the wire: the server that takes them, how each has come along, and those that wait without one.

import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import { email, id, line, nothing, revision } from "./shapes.ts";

export const mailKinds = [
  "activate-account",
  "re-enable-account",
  "inactivity-warning",
  "account-disabled",
  "account-blocked",
  "account-unblocked",
  "role-granted",
  "role-withdrawn",
  "account-digest",
  "reset-password",
  "password-changed",
  "account-stays-blocked",
  "second-factor-reset",
  "deletion-requested",
  "deletion-withdrawn",
  "deletion-done",
] as const;
export type MailKind = (typeof mailKinds)[number];

export const mailLanguages = ["en", "de"] as const;
export type MailLanguage = (typeof mailLanguages)[number];

export const mailStates = ["waiting", "sent", "failed"] as const;

const host = z
  .string()
  .trim()
  .max(253)
  .regex(/^[A-Za-z0-9:][A-Za-z0-9.:_-]*$/, "expected the name or the address of a computer");

const settings = {
  host,
  port: z.int().min(1).max(65_535).describe("Usually 465 with tls, 587 with starttls."),
  security: z
    .enum(["tls", "starttls", "none"])
    .describe(
      "TLS from the start, or before anything else; none only for a server on this machine, as links are secrets.",
    ),
  certificates: z
    .string()
    .max(64 * 1024)
    .nullable()
    .describe("Authorities to trust instead of those of the server's system, as PEM; null for none."),
  sender: email.describe("The address that mails come from."),
  userName: line.nullable().describe("Null where the server asks for no password."),
};

const mailServer = z
  .object({
    server: z.object(settings).nullable().describe("Null without one: mails wait."),
    waiting: z.int().describe("Mails that wait to be sent, or for a server."),
    failed: z.int().describe("Mails that were given up in the last thirty days."),
    revision,
  })
  .meta({ id: "MailServer", description: "The SMTP server that takes all mails of the installation." });
export type MailServer = z.output<typeof mailServer>;

export const showMailServer = endpoint({
  method: "GET",
  path: "/mail-server",
  summary: "The server that takes mails, without its password, and how many mails wait or were given up.",
  needs: "read-installation",
  params: nothing,
  query: nothing,
  body: nothing,
  reply: mailServer,
  refuses: [],
  revisionOf: (reply) => reply.revision,
});

export const setMailServer = endpoint({
  method: "PUT",
  path: "/mail-server",
  summary: "Says which server takes mails. Those that wait are sent at once.",
  needs: "edit-mail-server",
  params: nothing,
  query: nothing,
  body: z.strictObject({
    ...settings,
    certificates: settings.certificates.default(null),
    userName: settings.userName.default(null),
    password: z
      .string()
      .min(1)
      .max(1000)
      .optional()
      .describe("Left out, the saved one stays, if it goes to the same server and user as before."),
  }),
  reply: mailServer,
  refuses: ["mail_settings_invalid", "mail_password_required"],
  revisionOf: (reply) => reply.revision,
  needsMatch: true,
});

export const removeMailServer = endpoint({
  method: "DELETE",
  path: "/mail-server",
  summary: "Forgets the server that takes mails, and its password. Mails wait from then on.",
  needs: "edit-mail-server",
  params: nothing,
  query: nothing,
  body: nothing,
  reply: mailServer,
  refuses: ["mail_server_missing"],
  revisionOf: (reply) => reply.revision,
  needsMatch: true,
});

export const testMailServer = endpoint({
  method: "POST",
  path: "/mail-server/test",
  summary:
    "Sends a mail that says nothing but that it arrived, by the saved server, and waits for its answer.",
  needs: "edit-mail-server",
  params: nothing,
  query: nothing,
  body: z.strictObject({ to: email }),
  reply: nothing,
  refuses: ["mail_server_missing", "mail_not_sent"],
});

const mail = z
  .object({
    id: id<"mail">(),
    organisationId: id<"organisation">(),
    user: z.object({ id: id<"user">(), name: z.string(), username: z.string() }),
    kind: z.enum(mailKinds),
    language: z.enum(mailLanguages),
    state: z.enum(mailStates),
    postedAt: z.iso.datetime(),
    attempts: z.int(),
    triedAt: z.iso.datetime().nullable().describe("When it was tried last."),
    failure: z.string().nullable().describe("Why the last attempt went wrong, in words."),
  })
  .meta({
    id: "Mail",
    description: "A mail to a user, and how far it has come. Its text is not shown here.",
  });
export type Mail = z.output<typeof mail>;

export const listMails = endpoint({
  method: "GET",
  path: "/mails",
  summary: "The latest mails of the installation, newest first.",
  needs: "read-installation",
  params: nothing,
  query: z.strictObject({
    state: z.enum(mailStates).optional(),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  body: nothing,
  reply: z.object({ mails: z.array(mail) }),
  refuses: [],
});

export const openMail = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/mails/:mailId/opening",
  summary:
    "The text of a mail that waits because there is no server, to be handed over in another way. Each opening is recorded, as its link lets whoever has it act for the user.",
  needs: "open-mails",
  params: z.object({ organisationId: id<"organisation">(), mailId: id<"mail">() }),
  query: nothing,
  body: nothing,
  reply: z.object({ to: z.string().nullable(), subject: z.string(), text: z.string() }),
  refuses: ["organisation_not_found", "mail_not_found", "mail_not_waiting", "mail_server_set"],
});
