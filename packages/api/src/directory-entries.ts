// Everybody who was seen in a directory, on the wire: who is imported, linked, left alone, unlinked or removed.

import { z } from "zod";

import { directoryPath as one, directoryRun, objectId, ofDirectory } from "./directory-shapes.ts";
import { endpoint } from "./endpoint.ts";
import { id, inOrganisation, nothing, truth } from "./shapes.ts";

const objectIds = z.array(objectId).min(1).max(1000);
const userIds = z.array(id<"user">()).min(1).max(1000);

export const directoryEntry = z
  .object({
    objectId: objectId,
    name: z.string(),
    username: z.string().nullable(),
    email: z.string().nullable(),
    place: z.string().describe("The distinguished name."),
    units: z.array(z.string()),
    isDisabled: z.boolean(),
    isGone: z.boolean(),
    state: z.enum(["unlinked", "linked", "ignored"]),
    isChosen: z.boolean().describe("Somebody chose it for the next run."),
    userId: id<"user">().nullable(),
  })
  .meta({ id: "DirectoryEntry", description: "Somebody in a directory, and whether that is a user here." });
export type DirectoryEntry = z.output<typeof directoryEntry>;

export const listDirectoryEntries = endpoint({
  method: "GET",
  path: `${one}/entries`,
  summary: "Everybody who was seen in a directory.",
  needs: "read-directory",
  params: ofDirectory,
  query: z.strictObject({
    state: z
      .enum(["unlinked", "linked", "ignored", "missing"])
      .optional()
      .describe("missing: linked to a user of whom a run has said that the account is gone."),
    search: z.string().trim().max(200).optional().describe("The beginning of a name or username."),
    gone: truth.optional(),
    after: objectId.optional().describe("From `next` of the page before."),
    limit: z.coerce.number().int().min(1).max(1000).default(100),
  }),
  body: nothing,
  reply: z.object({ entries: z.array(directoryEntry), next: objectId.nullable() }),
  refuses: ["organisation_not_found", "directory_not_found"],
});

export const importEntries = endpoint({
  method: "POST",
  path: `${one}/entries/import`,
  summary: "Imports those who are chosen, or everybody who is not linked yet, by a run of its own.",
  needs: "edit-directory",
  params: ofDirectory,
  query: nothing,
  body: z.strictObject({
    objectIds: objectIds.optional().describe("Everybody if left out: the quick import."),
    teamId: id<"team">().optional().describe("Where they go; as the directory's settings say if left out."),
  }),
  reply: directoryRun,
  refuses: ["organisation_not_found", "directory_not_found", "team_not_found", "directory_busy"],
  creates: true,
});

export const linkEntry = endpoint({
  method: "POST",
  path: `${one}/entries/:objectId/link`,
  summary:
    "Says that somebody in the directory is a user who is here already. Never guessed by name or mail.",
  needs: "edit-directory",
  params: z.object({ ...ofDirectory.shape, objectId: objectId }),
  query: nothing,
  body: z.strictObject({ userId: id<"user">() }),
  reply: directoryRun,
  refuses: [
    "organisation_not_found",
    "directory_not_found",
    "directory_entry_not_found",
    "user_not_found",
    "directory_busy",
  ],
  creates: true,
});

const chosen = z.strictObject({ objectIds });

export const ignoreEntries = endpoint({
  method: "POST",
  path: `${one}/entries/ignore`,
  summary: "Leaves people in the directory alone: they are not imported, nor linked again.",
  needs: "edit-directory",
  params: ofDirectory,
  query: nothing,
  body: chosen,
  reply: z.object({ ignored: z.int() }),
  refuses: ["organisation_not_found", "directory_not_found"],
});

export const unignoreEntries = endpoint({
  method: "POST",
  path: `${one}/entries/unignore`,
  summary: "Ignores people no longer. Who was a user here before is linked again by the next run.",
  needs: "edit-directory",
  params: ofDirectory,
  query: nothing,
  body: chosen,
  reply: z.object({ unignored: z.int() }),
  refuses: ["organisation_not_found", "directory_not_found"],
});

export const unlinkUsers = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/directory-links/unlink",
  summary:
    "Unlinks users from their directory: they keep everything, and the directory no longer leads them.",
  needs: "edit-directory",
  params: inOrganisation,
  query: nothing,
  body: z.strictObject({ userIds }),
  reply: z.object({ unlinked: z.int() }),
  refuses: ["organisation_not_found", "user_not_found"],
});

export const removeOrphans = endpoint({
  method: "POST",
  path: "/organisations/:organisationId/directory-links/remove-orphans",
  summary: "Removes users whose directory account is gone: seats go back, workstations are wiped.",
  needs: "remove-people",
  params: inOrganisation,
  query: nothing,
  body: z.strictObject({ userIds }),
  reply: z.object({ removed: z.int() }),
  refuses: ["organisation_not_found", "user_not_found", "user_not_orphaned"],
});
