// What the mails' room asks of the server.

import { mails, type Mail } from "@lockstep/api";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";

import { call, liveMilliseconds } from "../api.ts";

export const mailServerQuery = () =>
  queryOptions({
    queryKey: ["installation", "mail-server"],
    queryFn: () => call(mails.showMailServer),
    refetchInterval: liveMilliseconds,
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
