// Directories on the wire: how each is reached and read, and what a test of one finds.

import { z } from "zod";

import {
  directoriesPath as path,
  directoryKinds,
  directoryModes,
  directoryPath as one,
  failure,
  ofDirectory,
  planRow,
} from "./directory-shapes.ts";
import { endpoint } from "./endpoint.ts";
import { id, inOrganisation, name, nothing, revision } from "./shapes.ts";

export { directoryKinds, directoryModes };

const line = z
  .string()
  .trim()
  .min(1)
  .max(2000)
  .regex(/^[^\p{Cc}]*$/u, "expected one line");
const attribute = z
  .string()
  .trim()
  .regex(/^[A-Za-z][A-Za-z0-9-]{0,99}$/, "expected the name of an attribute");

/** Which attribute of the directory says what. What is left out is as the kind of directory has it. */
const mapping = z
  .strictObject({
    name: attribute.optional().describe("What the person is called."),
    username: attribute
      .optional()
      .describe("What the username is made of; without an @ it is completed by `usernameSuffix`."),
    email: attribute.optional(),
  })
  .describe("Attributes other than those that the kind of directory usually has.");

const host = z
  .string()
  .trim()
  .max(253)
  .regex(/^[A-Za-z0-9:][A-Za-z0-9.:_-]*$/, "expected the name or the address of a computer");

const settings = {
  name,
  kind: z.enum(directoryKinds).describe("Which attributes and which way to ask for changes are usual."),
  host,
  port: z.int().min(1).max(65_535).optional().describe("636 with ldaps, else 389."),
  security: z
    .enum(["ldaps", "starttls"])
    .describe("Passwords and people never travel in the clear: TLS from the start, or before anything else."),
  certificates: z
    .string()
    .max(64 * 1024)
    .nullable()
    .describe("Authorities to trust beside those of the server's system, as PEM; null for none."),
  bindName: line.describe("The account that reads, as a distinguished name or as Active Directory takes it."),
  base: line.describe("Below which entry people are."),
  filter: line.optional().describe("Who is a person; what is usual for the kind if left out."),
  mapping: mapping.optional(),
  mode: z
    .enum(directoryModes)
    .describe(
      "manual: whom you choose. team: everybody, to one team. units: everybody, to teams as the units are.",
    ),
  teamId: id<"team">().nullable().describe("Where people, or the units' teams, go; null for the root team."),
  follows: z.boolean().describe("Whether people change teams when they change units. Only for units."),
  usernameSuffix: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[^\s@\p{Cc}]{1,100}$/u, "expected what comes after the @")
    .optional()
    .describe(
      "What comes after the @ of usernames that have none in the directory; made of the organisation's name.",
    ),
  intervalMinutes: z.int().min(5).max(10_080).describe("How often changes are asked for."),
  fullHours: z
    .int()
    .min(1)
    .max(720)
    .describe("How often everything is read. Only then is it seen who is gone."),
  guardLeast: z
    .int()
    .min(0)
    .max(1_000_000)
    .describe("So many may vanish at once, whatever the percentage says."),
  guardPercent: z.int().min(0).max(50).describe("So many of a hundred may vanish at once."),
  isOn: z.boolean().describe("Whether it is read by time."),
  signsIn: z
    .boolean()
    .describe(
      "Whether those who are linked to it sign in with their passwords there. Whoever holds a role never does.",
    ),
};

const password = z.string().min(1).max(1000).describe("Of the account that reads. It is never shown again.");

const defaults = {
  certificates: settings.certificates.default(null),
  mode: settings.mode.default("manual"),
  teamId: settings.teamId.default(null),
  follows: settings.follows.default(false),
  intervalMinutes: settings.intervalMinutes.default(60),
  fullHours: settings.fullHours.default(24),
  guardLeast: settings.guardLeast.default(20),
  guardPercent: settings.guardPercent.default(2),
  isOn: settings.isOn.default(true),
  signsIn: settings.signsIn.default(false),
};

export const directory = z
  .object({
    id: id<"directory">(),
    ...settings,
    port: z.int(),
    filter: z.string(),
    mapping: z.object({ name: z.string(), username: z.string(), email: z.string() }),
    usernameSuffix: z.string(),
    revision,
    linked: z.int().describe("How many users are linked to it."),
    missing: z.int().describe("How many of them are not in it any more."),
    nextRunAt: z.iso
      .datetime()
      .nullable()
      .describe("When it is asked for changes next; null for not by time."),
    failingSince: z.iso.datetime().nullable().describe("Since when it could not be read; null when it can."),
    failure: failure.nullable(),
    heldRunId: id<"directory-run">()
      .nullable()
      .describe("The run whose plan waits for somebody to confirm it; null for none."),
  })
  .meta({ id: "Directory", description: "A directory that people are imported from, and how it is read." });
export type Directory = z.output<typeof directory>;

export const listDirectories = endpoint({
  method: "GET",
  path,
  summary: "The directories that people are imported from.",
  needs: "read-directory",
  params: inOrganisation,
  query: nothing,
  body: nothing,
  reply: z.object({ directories: z.array(directory) }),
  refuses: ["organisation_not_found"],
});

export const createDirectory = endpoint({
  method: "POST",
  path,
  summary: "Adds a directory. Nothing is read by it; test it, then start a run.",
  needs: "edit-directory",
  params: inOrganisation,
  query: nothing,
  body: z.strictObject({ ...settings, ...defaults, password }),
  reply: directory,
  revisionOf: ({ revision: current }) => current,
  refuses: ["organisation_not_found", "team_not_found", "name_taken", "directory_settings_invalid"],
  creates: true,
});

export const showDirectory = endpoint({
  method: "GET",
  path: one,
  summary: "One directory, and whether it can be read.",
  needs: "read-directory",
  params: ofDirectory,
  query: nothing,
  body: nothing,
  reply: directory,
  revisionOf: ({ revision: current }) => current,
  refuses: ["organisation_not_found", "directory_not_found"],
});

export const editDirectory = endpoint({
  method: "PATCH",
  path: one,
  summary:
    "Changes what is given and leaves the rest. Whoever changes where the password is sent must give the password.",
  needs: "edit-directory",
  params: ofDirectory,
  query: nothing,
  body: z.strictObject({ ...settings, password }).partial(),
  reply: directory,
  revisionOf: ({ revision: current }) => current,
  needsMatch: true,
  refuses: [
    "organisation_not_found",
    "directory_not_found",
    "team_not_found",
    "name_taken",
    "directory_settings_invalid",
    "directory_password_required",
  ],
});

export const removeDirectory = endpoint({
  method: "DELETE",
  path: one,
  summary: "Forgets a directory. Everybody who came from it stays, unlinked.",
  needs: "edit-directory",
  params: ofDirectory,
  query: nothing,
  body: nothing,
  reply: z.object({ unlinked: z.int() }),
  refuses: ["organisation_not_found", "directory_not_found"],
});

const tested = z
  .object({
    failure: failure.nullable(),
    server: z.string().nullable().describe("What the directory says it is."),
    found: z.int().describe("How many entries were looked at."),
    hasMore: z.boolean().describe("Whether there are more than were looked at."),
    unidentified: z
      .int()
      .describe("How many entries have no id that can be read; such a read is not complete."),
    counts: z.record(z.string(), z.int()).describe("How many entries there are of each code."),
    rows: z
      .array(planRow.omit({ row: true, outcome: true }))
      .describe("Up to fifty of them, those that would be skipped first."),
  })
  .meta({
    id: "DirectoryTest",
    description: "What was found in a directory, and why anything would be skipped.",
  });

export const testDirectory = endpoint({
  method: "POST",
  path: `${path}/test`,
  summary:
    "Connects, reads the first thousand entries and says what would become of them. Changes nothing. For a directory that is there, what is given is tried instead of what is saved.",
  needs: "edit-directory",
  params: inOrganisation,
  query: nothing,
  body: z.strictObject({
    directoryId: id<"directory">().optional(),
    settings: z.strictObject({ ...settings, password }).partial(),
  }),
  reply: tested,
  refuses: [
    "organisation_not_found",
    "directory_not_found",
    "team_not_found",
    "directory_settings_invalid",
    "directory_password_required",
  ],
});
