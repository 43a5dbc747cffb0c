// Which mails are listed, which one's words are edited, and whose rooms stand above them.

import { mails } from "@lockstep/api";
import { isId, type OrganisationId } from "@lockstep/core";
import { z } from "zod";

const mailsSearch = z.object({
  organisation: z.custom<OrganisationId>(isId).optional().catch(undefined),
  state: z.enum(mails.mailStates).optional().catch(undefined),
});

/** What an address has that makes no sense is left out. */
export type MailsSearch = z.output<typeof mailsSearch>;

export const parseMailsSearch = (parameters: Record<string, unknown>): MailsSearch =>
  mailsSearch.parse(parameters);

const template = z.object({ kind: z.enum(mails.mailKinds), language: z.enum(mails.mailLanguages) });

/** @throws where there is no such mail. */
export const parseTemplate = (parameters: Record<string, unknown>): z.output<typeof template> =>
  template.parse(parameters);
