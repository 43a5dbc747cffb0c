// Encryption keys and the groups they are given in, on the wire. Their material never is.

import { keyVersionUses } from "@lockstep/core";
import { z } from "zod";

import { endpoint } from "./endpoint.ts";
import { id, inOrganisation, name, nothing, ownPassword, ownPasswordRefuses, revision } from "./shapes.ts";

export const key = z
  .object({
    id: id<"key">(),
    name: z.string(),
    versions: z.array(
      z.object({
        version: z.int(),
        use: z.enum(keyVersionUses),
        recipient: z
          .string()
          .nullable()
          .describe(
            "The public half (age recipient): whoever has it can encrypt to the key. Null without material.",
          ),
        madeAt: z.iso.datetime().nullable(),
      }),
    ),
    groupIds: z.array(id<"group">()).describe("The groups in which it is given."),
    revision,
  })
  .meta({ id: "Key", description: "An encryption key with its versions, without any secret." });
export type Key = z.output<typeof key>;

export const group = z
  .object({
    id: id<"group">(),
    name: z.string(),
    keyIds: z.array(id<"key">()),
    teams: z.int().describe("To how many teams it is given."),
    users: z.int().describe("To how many users it is given of their own."),
    revision,
  })
  .meta({ id: "Group", description: "A named set of keys, given to teams or to one user." });
export type Group = z.output<typeof group>;

const ofKey = z.object({ organisationId: id<"organisation">(), keyId: id<"key">() });
const ofGroup = z.object({ organisationId: id<"organisation">(), groupId: id<"group">() });
const keyIds = z.array(id<"key">()).max(1000);

export const listKeys = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/keys",
  summary: "Every encryption key by name, with its versions and the groups it is in.",
  needs: "read-keys",
  params: inOrganisation,
  query: nothing,
  body: nothing,
  reply: z.object({ keys: z.array(key) }),
  refuses: ["organisation_not_found"],
});

export const exportKeys = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/keys/recovery-file",
  summary:
    "Every version of every key, in an age file that only the given passphrase or recipient opens: to be made before the organisation is deleted, and kept apart. Each is recorded.",
  needs: "export-keys",
  params: inOrganisation,
  query: nothing,
  body: z
    .strictObject({
      password: ownPassword,
      passphrase: z.string().min(12).max(1000).optional(),
      recipient: z.string().max(3000).optional().describe("An age recipient, as of `age-keygen`."),
    })
    .refine(({ passphrase, recipient }) => (passphrase === undefined) !== (recipient === undefined), {
      message: "expected either a passphrase or a recipient",
    }),
  reply: z.object({ keys: z.int(), file: z.string().describe("The age file, armoured.") }),
  refuses: ["organisation_not_found", "recipient_invalid", ...ownPasswordRefuses],
});

export const createKey = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/keys",
  summary: "Makes a key, whose secret half never leaves the server but in Key-Files.",
  needs: "edit-keys",
  params: inOrganisation,
  query: nothing,
  body: z.strictObject({ name, groupIds: z.array(id<"group">()).max(100).default([]) }),
  reply: key,
  refuses: ["organisation_not_found", "group_not_found", "name_taken"],
  revisionOf: (reply) => reply.revision,
  creates: true,
});

export const renameKey = endpoint({
  method: "PATCH",
  path: "/organisations/:organisationId/keys/:keyId",
  summary: "Gives a key another name.",
  needs: "edit-keys",
  params: ofKey,
  query: nothing,
  body: z.strictObject({ name }),
  reply: key,
  refuses: ["organisation_not_found", "key_not_found", "name_taken"],
  revisionOf: (reply) => reply.revision,
  needsMatch: true,
});

export const rotateKey = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/keys/:keyId/rotate",
  summary:
    "Makes a new version, with which new files are encrypted; the former one opens what it has encrypted. Whoever has the key is red.",
  needs: "edit-keys",
  params: ofKey,
  query: nothing,
  body: nothing,
  reply: key,
  refuses: ["organisation_not_found", "key_not_found"],
  revisionOf: (reply) => reply.revision,
  needsMatch: true,
});

export const setKeyVersionUse = endpoint({
  method: "PUT",
  path: "/organisations/:organisationId/keys/:keyId/versions/:version/use",
  summary: "Retires a decrypt-only version, so that no workstation holds it, or takes it back.",
  needs: "edit-keys",
  params: ofKey.extend({ version: z.coerce.number().int().min(1) }),
  query: nothing,
  body: z.strictObject({ use: z.enum(["decrypt-only", "retired"]) }),
  reply: key,
  refuses: ["organisation_not_found", "key_not_found", "key_version_not_found", "key_version_active"],
  revisionOf: (reply) => reply.revision,
  needsMatch: true,
});

export const listGroups = endpoint({
  method: "GET",
  path: "/organisations/:organisationId/groups",
  summary: "Every encryption group by name, with its keys and to how many it is given.",
  needs: "read-keys",
  params: inOrganisation,
  query: nothing,
  body: nothing,
  reply: z.object({ groups: z.array(group) }),
  refuses: ["organisation_not_found"],
});

export const createGroup = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/groups",
  summary: "Makes an encryption group.",
  needs: "edit-keys",
  params: inOrganisation,
  query: nothing,
  body: z.strictObject({ name, keyIds: keyIds.default([]) }),
  reply: group,
  refuses: ["organisation_not_found", "key_not_found", "name_taken"],
  revisionOf: (reply) => reply.revision,
  creates: true,
});

export const renameGroup = endpoint({
  method: "PATCH",
  path: "/organisations/:organisationId/groups/:groupId",
  summary: "Gives an encryption group another name.",
  needs: "edit-keys",
  params: ofGroup,
  query: nothing,
  body: z.strictObject({ name }),
  reply: group,
  refuses: ["organisation_not_found", "group_not_found", "name_taken"],
  revisionOf: (reply) => reply.revision,
  needsMatch: true,
});

export const setGroupKeys = endpoint({
  method: "PUT",
  path: "/organisations/:organisationId/groups/:groupId/keys",
  summary: "Replaces the keys of an encryption group.",
  needs: "edit-keys",
  params: ofGroup,
  query: nothing,
  body: z.strictObject({ keyIds }),
  reply: group,
  refuses: ["organisation_not_found", "group_not_found", "key_not_found"],
  revisionOf: (reply) => reply.revision,
  needsMatch: true,
});

export const showKeyEncryption = endpoint({
  method: "GET",
  path: "/key-encryption",
  summary:
    "Under which version of the key-encryption key the key material is wrapped, and whether the last sample of it opened.",
  needs: "read-installation",
  params: nothing,
  query: nothing,
  body: nothing,
  reply: z.object({
    currentVersion: z.int(),
    wrapped: z.int().describe("Pieces of key material in all."),
    left: z.int().describe("How many still wait to be wrapped under the current version."),
    canary: z
      .object({ at: z.iso.datetime(), sampled: z.int(), unreadable: z.int() })
      .nullable()
      .describe("The nightly canary; null before the first. `unreadable` above 0 is an alarm."),
  }),
  refuses: [],
});

export const rotateKeyEncryptionKey = endpoint({
  method: "POST",
  path: "/key-encryption/rotate",
  summary: "Makes a new key-encryption key; the key material is wrapped anew in the background.",
  needs: "rotate-key-encryption-key",
  params: nothing,
  query: nothing,
  body: nothing,
  reply: z.object({ currentVersion: z.int(), left: z.int() }),
  refuses: [],
});
