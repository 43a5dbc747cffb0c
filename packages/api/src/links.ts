// The links of mails on the wire. A link's secret stands behind the # of its address, which no server and no log sees.

import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import { nothing } from "./shapes.ts";

export const linkPurposes = ["activate-account", "re-enable-account", "reset-password"] as const;
export type LinkPurpose = (typeof linkPurposes)[number];

/** The longest that a link's secret could be, and more. */
export const linkSecret = z.string().max(200).describe("What stands behind the # of the link.");

export const showLink = endpoint({
  method: "POST",
  path: "/links/state",
  summary:
    "What a link is for, and until when. Nothing is changed by it; it is a POST because an address would end up in logs. Of one that is unknown, used, void or expired the answer is the same.",
  needs: "nothing",
  params: nothing,
  query: nothing,
  body: z.strictObject({ secret: linkSecret }),
  reply: z.object({
    purpose: z.enum(linkPurposes),
    username: z.string(),
    organisation: z.string(),
    expiresAt: z.iso.datetime(),
  }),
  refuses: ["link_not_found"],
});
