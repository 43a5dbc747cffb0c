// An organisation with a directory: adds it, reads it, and shows how everybody stands afterwards.

import {
  directories,
  directoryRuns,
  licences,
  standings,
  type Call,
  type Directory,
  type DirectoryPlanRow,
  type DirectoryRun,
  type UserRow,
} from "@lockstep/api";
import type { z } from "zod";

import type { ExampleApp } from "../../http/testing/app.ts";
import { makeOwnOrganisation, type OwnOrganisation } from "../../http/testing/organisation.ts";

export type Settings = z.input<typeof directories.createDirectory.body>;

export interface Journey {
  readonly organisation: OwnOrganisation;
  readonly call: Call;
  readonly params: OwnOrganisation["params"] & { readonly directoryId: Directory["id"] };
  /** Reads now, carries it out, and tells how it ended. */
  sync(asked?: { kind?: "full" | "changes"; isDryRun?: boolean }): Promise<DirectoryRun>;
  rowsOf(run: DirectoryRun): Promise<DirectoryPlanRow[]>;
  show(run: DirectoryRun): Promise<DirectoryRun>;
  /** Carries out what was begun, and tells how it ended. */
  carriedOut(run: DirectoryRun): Promise<DirectoryRun>;
  users(): Promise<UserRow[]>;
  /** Gives those whose usernames begin so a seat each. */
  license(...usernames: readonly string[]): Promise<void>;
  directory(): Promise<Directory>;
}

export async function beginJourney(example: ExampleApp, settings: Settings): Promise<Journey> {
  const organisation = await makeOwnOrganisation(example);
  const { call } = organisation;
  const { id: directoryId } = await call(directories.createDirectory, {
    params: organisation.params,
    body: settings,
  });
  const params = { ...organisation.params, directoryId };
  const show = ({ id: runId }: DirectoryRun) =>
    call(directoryRuns.showDirectoryRun, { params: { ...params, runId } });
  const carriedOut = async (run: DirectoryRun) => {
    await example.runDirectories();
    return show(run);
  };
  const users = async () => {
    const found: UserRow[] = [];
    let after: string | null = null;
    do {
      const page: z.output<typeof standings.listUsers.reply> = await call(standings.listUsers, {
        params: organisation.params,
        query: { limit: 200, ...(after === null ? {} : { after }) },
      });
      found.push(...page.users);
      after = page.next;
    } while (after !== null);
    return found;
  };
  return {
    ...{ organisation, call, params, show, carriedOut, users },
    sync: async (asked = {}) =>
      carriedOut(await call(directoryRuns.startDirectoryRun, { params, body: asked })),
    rowsOf: async ({ id: runId }) => {
      const query = { limit: 1000 };
      return (await call(directoryRuns.listPlanRows, { params: { ...params, runId }, query })).rows;
    },
    license: async (...usernames) => {
      const those = (await users()).filter(({ username }) =>
        usernames.includes(username.split("@")[0] ?? ""),
      );
      const body = { productId: "LS-1", edition: "Pro", term: "perpetual", seats: 1000 } as const;
      const dates = { validFrom: "2026-01-01", validUntil: null };
      const licence = await call(licences.addLicence, {
        params: organisation.params,
        body: { ...body, ...dates },
      });
      await call(licences.assignLicence, {
        params: { ...organisation.params, licenceId: licence.id },
        body: { userIds: those.map(({ id }) => id) },
      });
    },
    directory: () => call(directories.showDirectory, { params }),
  };
}

/** Without what is another at each time: ids, and what the test's own organisation is called. */
function steady(text: string): string {
  return text
    .replace(/Organisation [0-9a-f-]{36}/g, "the root team")
    .replace(/@organisation-[0-9a-f-]+/g, "@organisation");
}

/** The rows of a plan, for a golden file. */
export function asTable(rows: readonly DirectoryPlanRow[]): string[] {
  return rows
    .map(({ action, code, name, username, changes, outcome }) =>
      steady(
        [action.padEnd(7), code.padEnd(22), `${name} (${username ?? "-"})`, outcome ?? "-", ...changes].join(
          "  ",
        ),
      ),
    )
    .sort();
}

/** How everybody stands, for a golden file. */
export function standingsTable(users: readonly UserRow[]): string[] {
  return users
    .map(({ name, username, team, encryption }) => steady(`${name} (${username}), ${team}: ${encryption}`))
    .sort();
}
