// What answers for mails: the server that takes them, how each has come along, and those that wait without one.

import { mails, mailTemplates, type Mail, type MailServer } from "@lockstep/api";

import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { route, type Route } from "../http/route.ts";
import type { KeyEncryption } from "../keys/sealing/sealing.ts";
import { openMail } from "./commands/open.ts";
import { removeMailServer, setMailServer, tryMailServer } from "./commands/server.ts";
import { setMailTemplate } from "./commands/templates.ts";
import { previewMail } from "./render.ts";
import { findMailServer, findMailServerPlace, firstRevision } from "./servers/store.ts";
import { countMails, listMails, type StoredMail } from "./store.ts";
import { gatherTemplate, gatherTemplates } from "./templates/shown.ts";

interface Parts {
  readonly database: Database;
  readonly clock: Clock;
  readonly keyEncryption: KeyEncryption;
  readonly origin: () => string;
  /** Something may be handed over. */
  readonly onMail: () => void;
}

const failuresOfMilliseconds = 30 * 86_400_000;

function shownMail({ id, organisationId, userId, name, username, ...mail }: StoredMail): Mail {
  const { kind, language, state, postedAt, attempts, triedAt, failure } = mail;
  const user = { id: userId, name, username };
  return { id, organisationId, user, kind, language, state, postedAt, attempts, triedAt, failure };
}

export function mailRoutes(parts: Parts): Route[] {
  return [...serverRoutes(parts), ...templateRoutes(parts), ...outboxRoutes(parts)];
}

function serverRoutes({ database, clock, keyEncryption, onMail }: Parts): Route[] {
  const show = (): Promise<MailServer> =>
    database.snapshot(async (snapshot) => {
      const found = await findMailServer(snapshot);
      const since = new Date(clock().getTime() - failuresOfMilliseconds);
      const counts = await countMails(snapshot, since);
      if (found === undefined) {
        const kept = await findMailServerPlace(snapshot);
        return { server: null, ...counts, revision: kept?.revision ?? firstRevision };
      }
      const { host, port, security, certificates, sender, userName, revision } = found;
      return { server: { host, port, security, certificates, sender, userName }, ...counts, revision };
    });
  return [
    route(mails.showMailServer, show),
    route(mails.setMailServer, async ({ writing, body, match }) => {
      await setMailServer({ writing, keyEncryption }, body, match);
      onMail();
      return show();
    }),
    route(mails.removeMailServer, async ({ writing, match }) => {
      await removeMailServer(writing, match);
      return show();
    }),
    route(mails.testMailServer, async ({ body }) => {
      await tryMailServer({ database, keyEncryption }, body.to);
      return {};
    }),
  ];
}

function templateRoutes({ database, origin }: Parts): Route[] {
  return [
    route(mailTemplates.listMailTemplates, async () => ({
      templates: await database.snapshot(gatherTemplates),
    })),
    route(mailTemplates.showMailTemplate, ({ params }) =>
      database.snapshot((snapshot) => gatherTemplate(snapshot, params)),
    ),
    route(mailTemplates.setMailTemplate, async ({ writing, params, body, match }) => {
      await setMailTemplate(writing, { ...params, words: body, revision: match });
      return database.snapshot((snapshot) => gatherTemplate(snapshot, params));
    }),
    route(mailTemplates.resetMailTemplate, async ({ writing, params, match }) => {
      await setMailTemplate(writing, { ...params, words: null, revision: match });
      return database.snapshot((snapshot) => gatherTemplate(snapshot, params));
    }),
    route(mailTemplates.previewMailTemplate, ({ params, body }) =>
      Promise.resolve(previewMail(params, body, origin())),
    ),
  ];
}

function outboxRoutes({ database, keyEncryption, origin }: Parts): Route[] {
  return [
    route(mails.listMails, async ({ query }) => ({
      mails: (await database.read((reader) => listMails(reader, query))).map(shownMail),
    })),
    route(mails.openMail, ({ writing, params: { organisationId, mailId } }) =>
      openMail({ writing, keyEncryption, origin }, organisationId, mailId),
    ),
  ];
}
