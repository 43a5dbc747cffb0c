// The server that takes mails: one row, of the installation's office.

import { z } from "zod";

import type { Change } from "../../db/change.ts";
import type { Reader } from "../../db/database.ts";
import { id } from "../../db/shape.ts";
import { sql } from "../../db/sql.ts";

const mailServer = z.object({
  organisationId: id<"organisation">(),
  id: id<"mail-server">(),
  host: z.string(),
  port: z.int(),
  security: z.enum(["tls", "starttls", "none"]),
  certificates: z.string().nullable(),
  sender: z.string(),
  userName: z.string().nullable(),
  /** The password, sealed; null where there is no user. */
  material: z.string().nullable(),
  kekVersion: z.int().nullable(),
  revision: z.int(),
});

export type MailServer = z.output<typeof mailServer>;
export type MailServerId = MailServer["id"];

/** Without a row. */
export const firstRevision = 1;

/** Undefined without one, and once it was removed: then mails wait. There is one for all, whichever the organisation_id. */
export async function findMailServer(reader: Reader): Promise<MailServer | undefined> {
  return reader.row(
    mailServer,
    sql`select s.organisation_id as "organisationId", s.id, s.host, s.port, s.security, s.certificates, s.sender,
        s.user_name as "userName", s.material, s.kek_version as "kekVersion", s.revision
      from mail_servers s join organisations o on o.id = s.organisation_id and o.office = 'installation'
      where s.host is not null`,
  );
}

/** Also of one that was removed: whoever still edits that one is told so. */
export async function findMailServerPlace(
  reader: Reader,
): Promise<Pick<MailServer, "id" | "revision"> | undefined> {
  return reader.row(
    mailServer.pick({ id: true, revision: true }),
    sql`select s.id, s.revision
      from mail_servers s join organisations o on o.id = s.organisation_id and o.office = 'installation'`,
  );
}

/** @param server of the revision that was edited. @returns whether it still was that one. */
export async function putMailServer(change: Change, server: MailServer): Promise<boolean> {
  const { host, port, security, certificates, sender, userName, material, kekVersion, revision } = server;
  const { organisationId } = change;
  const written =
    revision === firstRevision
      ? await change.execute(sql`
          insert into mail_servers (organisation_id, id, host, port, security, certificates, sender, user_name,
            material, kek_version, revision)
          values (${organisationId}, ${server.id}, ${host}, ${port}, ${security}, ${certificates}, ${sender},
            ${userName}, ${material}, ${kekVersion}, ${revision + 1}) on conflict do nothing`)
      : await change.execute(sql`
          update mail_servers set host = ${host}, port = ${port}, security = ${security},
            certificates = ${certificates}, sender = ${sender}, user_name = ${userName}, material = ${material},
            kek_version = ${kekVersion}, revision = revision + 1
          where organisation_id = ${organisationId} and revision = ${revision}`);
  return written > 0;
}

/** Nothing of it is left but its revision. @returns whether it still was the one that was seen. */
export async function clearMailServer(change: Change, revision: number): Promise<boolean> {
  const cleared = await change.execute(sql`
    update mail_servers set host = null, port = null, security = null, certificates = null, sender = null,
      user_name = null, material = null, kek_version = null, revision = revision + 1
    where organisation_id = ${change.organisationId} and revision = ${revision} and host is not null`);
  return cleared > 0;
}
