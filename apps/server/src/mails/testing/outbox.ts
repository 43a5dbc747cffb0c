// What a system administrator finds in the outbox while there is no mail server.

import { mails, type MailKind } from "@lockstep/api";
import type { UserId } from "@lockstep/core";

import type { ExampleApp } from "../../http/testing/app.ts";

export interface Found {
  readonly to: string | null;
  readonly subject: string;
  readonly text: string;
  /** What stands behind the # of its link; undefined without one. */
  readonly secret: string | undefined;
}

/** What waits for a user, of one kind, newest first; each is opened, which is recorded. */
export async function openMailsOf(example: ExampleApp, userId: UserId, kind: MailKind): Promise<Found[]> {
  const sol = await example.callAs("sol");
  const { mails: all } = await sol(mails.listMails, { query: { state: "waiting", limit: 200 } });
  const found: Found[] = [];
  for (const mail of all.filter((each) => each.user.id === userId && each.kind === kind)) {
    const params = { organisationId: mail.organisationId, mailId: mail.id };
    const opened = await sol(mails.openMail, { params });
    found.push({ ...opened, secret: /#(lockstep_[\w-]+)/.exec(opened.text)?.[1] });
  }
  return found;
}

/** The secret of the only link of a kind that waits for a user. */
export async function secretFor(example: ExampleApp, userId: UserId, kind: MailKind): Promise<string> {
  const [only, ...others] = await openMailsOf(example, userId, kind);
  if (only?.secret === undefined || others.length > 0) throw new Error(`${others.length + 1} mails wait`);
  return only.secret;
}
