// What journeys with mails have in common: a site that hands its mails to a real mail server, and what comes there.

import { mails, organisations, standings, type Call } from "@lockstep/api";
import type { OrganisationId, UserId } from "@lockstep/core";
import { expect, vi } from "vitest";

import { startPost, type Taken } from "../apps/server/src/mails/testing/smtp.ts";
import { exampleCredentials, signInTo } from "../apps/server/src/testing.ts";
import { openSite, type Site } from "./browser.ts";

export type Mail = Taken["mail"];

export interface MailedSite {
  readonly site: Site;
  /** As the manager of the example's organisation. */
  readonly ada: Call;
  /** Of somebody of the example, by the first part of the username. */
  readonly paramsOf: (name: string) => Promise<{ organisationId: OrganisationId; userId: UserId }>;
  /** The mail that comes for somebody, of a subject if one is given. */
  readonly mailTo: (name: string, subject?: string) => Promise<Mail>;
  /** The address behind the button of a mail, here. */
  readonly buttonOf: (mail: Mail) => string;
  readonly close: () => Promise<void>;
}

export async function openMailedSite(): Promise<MailedSite> {
  const site = await openSite({ example: true });
  const post = await startPost();
  const sol = (await signInTo(site.origin, "sol")).call;
  const plain = { host: "127.0.0.1", security: "none", sender: "it@northwind.example" } as const;
  await sol(mails.setMailServer, { match: 1, body: { ...plain, port: post.port } });
  const ada = (await signInTo(site.origin, "ada")).call;
  const [own] = (await ada(organisations.listOrganisations)).organisations;
  if (own === undefined) throw new Error("the example has an organisation");
  const params = { organisationId: own.id };
  return {
    site,
    ada,
    paramsOf: async (name) => {
      const { username } = exampleCredentials(name);
      const { users } = await ada(standings.listUsers, { params, query: { limit: 200 } });
      const found = users.find((user) => user.username === username);
      if (found === undefined) throw new Error(`the example has no ${name}`);
      return { ...params, userId: found.id };
    },
    mailTo: (name, subject) => {
      const { username } = exampleCredentials(name);
      return vi.waitFor(
        () => {
          const found = post.taken.find(
            ({ to, mail }) => to.includes(username) && (subject === undefined || mail.subject === subject),
          );
          if (found === undefined) throw new Error(`nothing came for ${name}`);
          return found.mail;
        },
        { timeout: 20_000, interval: 100 },
      );
    },
    buttonOf: (mail) => {
      const [, href = ""] = /<a href="([^"]+)"/.exec(mail.html ?? "") ?? [];
      expect(href.startsWith(site.origin)).toBe(true);
      return href.slice(site.origin.length);
    },
    close: async () => {
      await site.close();
      await post.stop();
    },
  };
}
