// An organisation's root on the wire: which keys sign for it, in which epoch, until when. Secret halves never are.

import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import { inOrganisation, nothing } from "./shapes.ts";

export const root = z
  .object({
    version: z.int().min(1).describe("Counts up with each change of keys, epoch or expiry; also the ETag."),
    epoch: z
      .int()
      .min(1)
      .describe("Versions of Key-Files count within an epoch. A new one begins after a backup was restored."),
    expiresAt: z.iso.datetime().describe("After this workstations say that they are out of date."),
    keys: z.array(
      z.object({
        role: z
          .enum(["root", "issuer", "pulse"])
          .describe("Signs roots; Key-Files and orders; or the word that the server is there."),
        kid: z.string().describe("The key's thumbprint (RFC 7638)."),
        madeAt: z.iso
          .datetime()
          .describe("When it was made; of the root holder's key, when it first signed here."),
      }),
    ),
    holder: z
      .enum(["present", "away", "wrong"])
      .describe(
        "Whether the file of the root holder's key is on the server; `wrong` if it cannot be used or is another key's.",
      ),
    exportedAt: z.iso
      .datetime()
      .nullable()
      .describe(
        "When somebody last confirmed that the key files were copied to a safe place; null if nobody did.",
      ),
    ahead: z
      .object({
        workstations: z.int().min(1),
        epoch: z.int().describe("The highest that any of them has seen: what `epochSeen` of a new epoch is."),
      })
      .nullable()
      .describe(
        "Workstations that hold what this server never made, because it was restored from a backup; null if there are none.",
      ),
  })
  .meta({ id: "Root", description: "What workstations trust: whose signatures count, in which epoch." });
export type Root = z.output<typeof root>;

const signing = ["organisation_not_found", "root_key_missing", "root_key_wrong"] as const;
const signingOn = [...signing, "server_behind"] as const;

export const showRoot = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/root",
  summary:
    "The keys that sign for an organisation, without any secret, and whether the root holder's key is there.",
  needs: "read-keys",
  params: inOrganisation,
  query: nothing,
  body: nothing,
  reply: root,
  refuses: ["organisation_not_found", "root_key_missing"],
  revisionOf: (reply) => reply.version,
});

export const raiseEpoch = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/root/epoch",
  summary:
    "Begins a new epoch, in which workstations accept what the server signs though they have seen later versions: after a backup was restored.",
  needs: "edit-root",
  params: inOrganisation,
  query: nothing,
  body: z.strictObject({
    epochSeen: z
      .int()
      .min(0)
      .max(1_000_000)
      .default(0)
      .describe("The highest epoch that any workstation has seen, if it is more than the server's."),
    versionSeen: z
      .int()
      .min(0)
      .max(1_000_000)
      .default(0)
      .describe(
        "The highest version of the root that any workstation has seen, if it is more than the server's.",
      ),
  }),
  reply: root,
  refuses: signing,
  revisionOf: (reply) => reply.version,
  needsMatch: true,
});

/** Makes the next version of the root out of what the server has. */
function ceremony(step: string, summary: string) {
  return endpoint({
    method: "POST",
    path: `/organisations/:organisationId/root/${step}`,
    summary,
    needs: "edit-root",
    params: inOrganisation,
    query: nothing,
    body: nothing,
    reply: root,
    refuses: signingOn,
    revisionOf: (reply) => reply.version,
    needsMatch: true,
  });
}

export const rotateIssuer = ceremony(
  "issuer",
  "Makes a new key for Key-Files and orders; what the former one signs is refused from then on.",
);

export const rotatePulse = ceremony(
  "pulse",
  "Makes a new key for pulses; what the former one signs is refused from then on.",
);

export const renewRoot = ceremony("renewal", "Signs the root again as it is, for another two years.");

export const confirmExport = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/root/exported",
  summary:
    "Confirms that the files of the key-encryption key and of the root holder's key were copied to a safe place.",
  needs: "edit-root",
  params: inOrganisation,
  query: nothing,
  body: nothing,
  reply: root,
  refuses: ["organisation_not_found", "root_key_missing"],
  revisionOf: (reply) => reply.version,
});
