// What the mails' room asks of the server.

import { mails, mailTemplates, type Mail, type MailTemplate } from "@lockstep/api";
import { keepPreviousData, queryOptions, skipToken } from "@tanstack/react-query";

import { call, liveMilliseconds } from "../api.ts";
import type { Words } from "./template-draft.ts";

export const mailServerQuery = () =>
  queryOptions({
    queryKey: ["installation", "mail-server"],
    queryFn: () => call(mails.showMailServer),
    refetchInterval: liveMilliseconds,
  });

export type Which = Pick<MailTemplate, "kind" | "language">;

export const mailTemplatesQuery = () =>
  queryOptions({
    queryKey: ["installation", "mail-templates"],
    queryFn: () => call(mailTemplates.listMailTemplates),
    refetchInterval: liveMilliseconds,
  });

export const mailTemplateQuery = ({ kind, language }: Which) =>
  queryOptions({
    queryKey: ["installation", "mail-template", kind, language],
    queryFn: () => call(mailTemplates.showMailTemplate, { params: { kind, language } }),
    refetchInterval: liveMilliseconds,
  });

/** @param words null where there is nothing to look at yet, and nothing is asked. */
export const mailPreviewQuery = ({ kind, language }: Which, words: Words | null) =>
  queryOptions({
    queryKey: ["mail-preview", kind, language, words],
    queryFn:
      words === null
        ? skipToken
        : () => call(mailTemplates.previewMailTemplate, { params: { kind, language }, body: words }),
    placeholderData: keepPreviousData,
    // The same words always read the same.
    staleTime: "static",
    gcTime: 0,
  });

/** As many as one looks at. */
export const mostMails = 100;

/** @param state left out for all of them. */
export const mailsQuery = (state: Mail["state"] | undefined) =>
  queryOptions({
    queryKey: ["installation", "mails", state],
    queryFn: () => call(mails.listMails, { query: { state, limit: mostMails } }),
    placeholderData: keepPreviousData,
    refetchInterval: liveMilliseconds,
  });
