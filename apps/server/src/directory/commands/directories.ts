// Adds, changes, tries out and forgets directories. Whoever changes where the password is sent must know it.

import { X509Certificate } from "node:crypto";

import type { directories, Directory as ShownDirectory } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { FilterParser } from "ldapts";
import { v7 as uuid } from "uuid";
import type { z } from "zod";

import type { Change } from "../../db/change.ts";
import type { Reader } from "../../db/database.ts";
import { changeFacts, type Writing } from "../../facts/change.ts";
import type { KeyEncryption } from "../../keys/sealing/sealing.ts";
import { loadOrganisation } from "../../organisations/store.ts";
import { Refusal } from "../../refusal.ts";
import { loadTeam } from "../../teams/store.ts";
import { sealPassword } from "../access.ts";
import {
  deleteDirectory,
  insertDirectory,
  isDirectoryNameTaken,
  loadDirectory,
  lockDirectory,
  updateDirectory,
  type Directory,
  type Settings,
} from "../connections/store.ts";
import { levelsOf } from "../ldap/dn.ts";
import { presets } from "../ldap/presets.ts";
import { shownDirectory } from "../shown.ts";
import { unlinkAllFromDirectory, type DirectoryId } from "../store.ts";

export type NewDirectory = z.output<typeof directories.createDirectory.body>;
export type Edited = z.output<typeof directories.editDirectory.body>;
/** What is given, in any combination. */
type Given = { readonly [Key in keyof Edited]?: Edited[Key] };

const usualPorts = { ldaps: 636, starttls: 389 } as const;
const minute = 60_000;

const wrong = (detail: string, cause?: unknown) =>
  new Refusal("directory_settings_invalid", { detail, cause });

function checkCertificates(certificates: string | null): void {
  if (certificates === null) return;
  const blocks = certificates.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw wrong("there is no certificate in what was given; it must be PEM");
  for (const block of blocks) {
    try {
      new X509Certificate(block);
    } catch (cause) {
      throw wrong("a certificate cannot be read", cause);
    }
  }
}

function checkFilter(filter: string): void {
  if (!/^\(.*\)$/s.test(filter)) throw wrong("a filter stands in brackets, as in (objectClass=person)");
  try {
    FilterParser.parseString(filter);
  } catch (cause) {
    throw wrong("the filter cannot be understood", cause);
  }
}

function checkBase(base: string): void {
  if (levelsOf(base).some(({ type, value }) => type === "" || value === "")) {
    throw wrong("the base is no distinguished name, as in ou=People,dc=example,dc=org");
  }
}

type Usual = Pick<Unsealed, "kind" | "security" | "port" | "filter" | "mapping">;

/** What is usual follows the kind, until somebody says otherwise. */
function usualFor({ kind, security, ...given }: Given, former: Unsealed | null): Usual {
  const at = security ?? former?.security ?? defaults.security;
  const of = kind ?? former?.kind ?? defaults.kind;
  const { filter, mapping } = former?.kind === of ? former : presets[of];
  const port = former?.security === at ? former.port : usualPorts[at];
  return { kind: of, security: at, port, filter, mapping: { ...mapping, ...defined(given.mapping ?? {}) } };
}

/** The settings without the password, as they would be kept. @throws Refusal directory_settings_invalid. */
function settingsOf(given: Given, former: Unsealed | null, suffix: string): Unsealed {
  const usual = usualFor(given, former);
  const settings: Unsealed = {
    ...defaults,
    usernameSuffix: suffix,
    ...former,
    ...usual,
    ...defined(given),
    mapping: usual.mapping,
  };
  checkCertificates(settings.certificates);
  checkFilter(settings.filter);
  checkBase(settings.base);
  for (const key of ["name", "host", "bindName"] as const) {
    if (settings[key] === "") throw wrong(`${key} is missing`);
  }
  return settings;
}

export type Unsealed = Omit<Settings, "material" | "kekVersion">;

const defaults: Unsealed = {
  name: "",
  kind: "openldap",
  host: "",
  port: 636,
  security: "ldaps",
  certificates: null,
  bindName: "",
  base: "",
  filter: "",
  mapping: presets.openldap.mapping,
  mode: "manual",
  teamId: null,
  follows: false,
  usernameSuffix: "",
  intervalMinutes: 60,
  fullHours: 24,
  guardLeast: 20,
  guardPercent: 2,
  isOn: true,
  signsIn: false,
};

/** Without what is left out, and without the password, which is no setting. */
function defined<Value extends object>(
  given: Value,
): { [Key in keyof Value]?: Exclude<Value[Key], undefined> } {
  const there = Object.entries(given).filter(([key, value]) => value !== undefined && key !== "password");
  return Object.fromEntries(there) as { [Key in keyof Value]?: Exclude<Value[Key], undefined> };
}

/** As it can stand after an @. */
function suffixOf(organisation: string): string {
  const plain = organisation.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const joined = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
  return joined === "" ? "organisation" : joined.slice(0, 100);
}

/** What decides who gets to know the password. */
const seen = ["host", "port", "security", "certificates", "bindName"] as const;

/** Whether the saved password would go to where it did not go before. */
export function isSentElsewhere(former: Unsealed, settings: Unsealed): boolean {
  return seen.some((key) => former[key] !== settings[key]);
}

interface Setting {
  readonly given: Given;
  readonly former: Directory | null;
}

/** What would be kept. @throws Refusal organisation_not_found, directory_settings_invalid, team_not_found. */
export async function settingsFor(
  reader: Reader,
  organisationId: OrganisationId,
  { given, former }: Setting,
): Promise<Unsealed> {
  const { name } = await loadOrganisation(reader, organisationId);
  if (given.teamId !== undefined && given.teamId !== null)
    await loadTeam(reader, organisationId, given.teamId);
  return settingsOf(given, former, suffixOf(name));
}

/** @throws Refusal as `settingsFor`, and name_taken. */
async function settingsToKeep(change: Change, setting: Setting): Promise<Unsealed> {
  const { organisationId } = change;
  const settings = await settingsFor(change, organisationId, setting);
  const taken = { name: settings.name, except: setting.former?.id ?? null };
  if (await isDirectoryNameTaken(change, organisationId, taken)) throw new Refusal("name_taken");
  return settings;
}

/** @throws Refusal organisation_not_found, directory_settings_invalid, team_not_found, name_taken. */
export async function createDirectory(
  { writing, keyEncryption }: { writing: Writing; keyEncryption: KeyEncryption },
  organisationId: OrganisationId,
  { password, ...given }: NewDirectory,
): Promise<ShownDirectory> {
  const id = uuid() as DirectoryId;
  const sealed = await sealPassword(keyEncryption, { organisationId, id }, password);
  return changeFacts(writing, organisationId, async (change) => {
    const settings = await settingsToKeep(change, { given, former: null });
    const later = new Date(change.at.getTime() + settings.intervalMinutes * minute);
    const nextRunAt = settings.isOn ? later : null;
    await insertDirectory(change, organisationId, { ...settings, ...sealed, id, nextRunAt });
    change.record({ kind: "directory-added", detail: { directory: settings.name } });
    return shownDirectory(change, await loadDirectory(change, organisationId, id));
  });
}

/**
 * @throws Refusal directory_not_found, revision_changed, directory_settings_invalid, directory_password_required,
 * team_not_found, name_taken.
 */
export async function editDirectory(
  { writing, keyEncryption }: { writing: Writing; keyEncryption: KeyEncryption },
  organisationId: OrganisationId,
  { directoryId, revision, given }: { directoryId: DirectoryId; revision: number; given: Edited },
): Promise<ShownDirectory> {
  const { password } = given;
  const place = { organisationId, id: directoryId };
  const resealed = password === undefined ? null : await sealPassword(keyEncryption, place, password);
  return changeFacts(writing, organisationId, async (change) => {
    const former = await lockDirectory(change, organisationId, directoryId);
    if (former.revision !== revision) throw new Refusal("revision_changed");
    const settings = await settingsToKeep(change, { given, former });
    if (resealed === null && isSentElsewhere(former, settings))
      throw new Refusal("directory_password_required");
    const { material, kekVersion } = resealed ?? former;
    const nextRunAt = settings.isOn ? change.at : null;
    const saved = { ...settings, id: directoryId, nextRunAt, material, kekVersion };
    await updateDirectory(change, organisationId, saved);
    change.record({ kind: "directory-changed", detail: { directory: settings.name } });
    return shownDirectory(change, await loadDirectory(change, organisationId, directoryId));
  });
}

/** Forgets a directory; whoever came from it stays. @returns how many. @throws Refusal directory_not_found. */
export async function removeDirectory(
  writing: Writing,
  organisationId: OrganisationId,
  directoryId: DirectoryId,
): Promise<number> {
  return changeFacts(writing, organisationId, async (change) => {
    const { name } = await lockDirectory(change, organisationId, directoryId);
    const users = await unlinkAllFromDirectory(change, directoryId);
    for (const userId of users) change.record({ kind: "directory-unlinked", userId });
    await deleteDirectory(change, organisationId, directoryId);
    change.record({ kind: "directory-removed", detail: { directory: name } });
    return users.length;
  });
}
