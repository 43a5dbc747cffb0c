// Proxy Sync on the wire: how the server and its relay get on.

import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import { inOrganisation, nothing } from "./shapes.ts";

const relayState = z
  .object({
    relay: z.string().nullable().describe("The relay's address; null without one."),
    syncedAt: z.iso.datetime().nullable().describe("When server and relay last exchanged everything."),
    failedAt: z.iso.datetime().nullable().describe("When it last went wrong, if that was later."),
    failure: z.string().nullable(),
    toDeliver: z.int().describe("Updates and offers that the relay does not have yet."),
  })
  .meta({ id: "RelayState", description: "How the server and its relay get on." });
export type RelayState = z.output<typeof relayState>;

export const showSync = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/sync",
  summary: "When server and relay last exchanged messages, and what waits.",
  needs: "read-standing",
  params: inOrganisation,
  query: nothing,
  body: nothing,
  reply: relayState,
  refuses: ["organisation_not_found"],
});

export const startSync = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/sync",
  summary: "Exchanges messages with the relay now, and answers when that is done.",
  needs: "post-updates",
  params: inOrganisation,
  query: nothing,
  body: nothing,
  reply: relayState,
  refuses: ["organisation_not_found", "relay_missing", "relay_unreachable"],
});
