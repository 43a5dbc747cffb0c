// Workstations on the wire: machines that appear by themselves, and their own states, never mixed with a user's colour.

import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import { id, inOrganisation, nothing } from "./shapes.ts";

export const workstationStates = [
  "normal",
  "requires-policy-update",
  "update-pending",
  "locked",
  "silent",
  "wipe-not-confirmed",
  "cloned",
  "lost",
] as const;

const activation = z.object({
  id: id<"activation">(),
  user: z.object({ id: id<"user">(), name: z.string() }),
  version: z.int().describe("Of the Key-File that is applied; 0 before the first report."),
  admittedAt: z.iso.datetime(),
  lastReportAt: z.iso.datetime().nullable(),
  openedAt: z.iso.datetime().nullable().describe("When the user last opened the Key-File there."),
  keystore: z.string().nullable().describe("Where its secrets are kept: `tpm`, `os` or `file`."),
  client: z.string().nullable(),
});

export const workstation = z
  .object({
    id: id<"workstation">(),
    name: z.string(),
    os: z.string().nullable(),
    teamId: id<"workstation-team">(),
    states: z.array(z.enum(workstationStates)).describe("All that hold; `normal` if no other one does."),
    lostAt: z.iso.datetime().nullable(),
    activations: z.array(activation),
  })
  .meta({
    id: "WorkstationDetail",
    description: "A machine, who is active on it, and in which states it is.",
  });
export type WorkstationDetail = z.output<typeof workstation>;

const ofWorkstation = inOrganisation.extend({ workstationId: id<"workstation">() });

export const listWorkstations = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/workstations",
  summary: "Workstations by name, with who is active on them.",
  needs: "read-standing",
  params: inOrganisation,
  query: z.strictObject({
    search: z.string().min(1).max(100).optional().describe("What a name begins with."),
    after: id<"workstation">().optional().describe("The last one of the page before."),
    limit: z.coerce.number().int().min(1).max(200).default(50),
  }),
  body: nothing,
  reply: z.object({ workstations: z.array(workstation), more: z.boolean() }),
  refuses: ["organisation_not_found"],
});

export const showWorkstation = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/workstations/:workstationId",
  summary: "One workstation.",
  needs: "read-standing",
  params: ofWorkstation,
  query: nothing,
  body: nothing,
  reply: workstation,
  refuses: ["organisation_not_found", "workstation_not_found"],
});

export const moveWorkstation = endpoint({
  method: "PUT",
  path: "/organisations/:organisationId/workstations/:workstationId/team",
  summary: "Puts a workstation into a workstation team, whose policy then holds on it.",
  needs: "post-updates",
  params: ofWorkstation,
  query: nothing,
  body: z.strictObject({ teamId: id<"workstation-team">() }),
  reply: workstation,
  refuses: ["organisation_not_found", "workstation_not_found", "workstation_team_not_found"],
});

export const postWorkstationPolicy = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/workstations/:workstationId/policy",
  summary: "Posts the policy that should hold on the workstation.",
  needs: "post-updates",
  params: ofWorkstation,
  query: nothing,
  body: nothing,
  reply: z.object({ posted: z.int() }),
  refuses: ["organisation_not_found", "workstation_not_found", "user_not_active"],
});

const exposed = z.object({
  key: z.object({ id: id<"key">(), name: z.string() }),
  version: z.int(),
  from: z.iso.datetime().describe("When it was first held there, as far as is known."),
  isInUse: z.boolean().describe("New files are encrypted with this version: rotate the key."),
});

export const exposure = z
  .object({ exposed: z.array(exposed) })
  .meta({ id: "Exposure", description: "Which versions of which keys were ever sent to a workstation." });
export type Exposure = z.output<typeof exposure>;

export const showExposure = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/workstations/:workstationId/exposure",
  summary: "Which versions of which keys a workstation was ever sent.",
  needs: "read-keys",
  params: ofWorkstation,
  query: nothing,
  body: nothing,
  reply: exposure,
  refuses: ["organisation_not_found", "workstation_not_found"],
});

export const declareLost = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/workstations/:workstationId/lost",
  summary:
    "Ends every activation on the workstation at once, posts a wipe in case it calls again, and rotates the keys it held if asked to.",
  needs: "post-updates",
  params: ofWorkstation,
  query: nothing,
  body: z.strictObject({
    rotateKeys: z.boolean().describe("Whether keys that it held get new versions now."),
  }),
  reply: exposure,
  refuses: ["organisation_not_found", "workstation_not_found", "workstation_lost"],
});
