// What answers for mails: the server that takes them, how each has come along, and those that wait without one.

import { mails, type Mail, type MailServer } from "@lockstep/api";

import type { Clock } from "../clock.ts";
import type { Database } from "../db/database.ts";
import { route, type Route } from "../http/route.ts";
import type { KeyEncryption } from "../keys/sealing/sealing.ts";
import { openMail } from "./commands/open.ts";
import { setMailServer, tryMailServer } from "./commands/server.ts";
import { findMailServer, firstRevision } from "./servers/store.ts";
import { countMails, listMails, type StoredMail } from "./store.ts";

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

export function mailRoutes({ database, clock, keyEncryption, origin, onMail }: Parts): Route[] {
  const show = (): Promise<MailServer> =>
    database.snapshot(async (snapshot) => {
      const found = await findMailServer(snapshot);
      const since = new Date(clock().getTime() - failuresOfMilliseconds);
      const counts = await countMails(snapshot, since);
      if (found === undefined) return { server: null, ...counts, revision: firstRevision };
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
    route(mails.testMailServer, async ({ body }) => {
      await tryMailServer({ database, keyEncryption }, body.to);
      return {};
    }),
    route(mails.listMails, async ({ query }) => ({
      mails: (await database.read((reader) => listMails(reader, query))).map(shownMail),
    })),
    route(mails.openMail, ({ writing, params: { organisationId, mailId } }) =>
      openMail({ writing, keyEncryption, origin }, organisationId, mailId),
    ),
  ];
}
