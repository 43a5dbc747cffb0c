// What tests of roots stand on: key files of their own, and organisations made with them.

import { mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { AuthorityId, OrganisationId } from "@lockstep/core";
import { v7 as uuid } from "uuid";
import { afterAll, beforeAll } from "vitest";

import type { Database } from "../db/database.ts";
import { sql } from "../db/sql.ts";
import type { Writing } from "../facts/change.ts";
import { makeKeyFile } from "../keys/sealing/key-encryption-file.ts";
import { openKeyEncryption } from "../keys/sealing/sealing.ts";
import { createOrganisationWithin } from "../organisations/commands.ts";
import { insertAuthority } from "../organisations/store.ts";
import type { RootMaking } from "./commands.ts";
import { makeRootKeyFile, openRootHolder } from "./root-key-file.ts";

export interface OwnRoots {
  readonly making: RootMaking;
  readonly writing: Writing & RootMaking;
  readonly rootFile: string;
  readonly keyFile: string;
  /** An organisation as the product makes it, with its root. */
  organisation(): Promise<OrganisationId>;
  /** An organisation from before there were roots. */
  oldOrganisation(): Promise<OrganisationId>;
  /** While the root holder's key is somewhere else. */
  away<Result>(act: () => Promise<Result>): Promise<Result>;
}

export const now = new Date("2026-03-01T12:00:00.000Z");

/** For the whole test file. */
export function useRoots(database: { readonly current: Database }): OwnRoots {
  let folder = "";
  let making: RootMaking | undefined;
  const rootFile = () => join(folder, "keys", "root-key.json");
  const keyFile = () => join(folder, "keys", "key-encryption-key.json");
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "lockstep-roots-"));
    makeKeyFile(keyFile());
    makeRootKeyFile(rootFile());
    making = { keyEncryption: openKeyEncryption(keyFile()), rootHolder: openRootHolder(rootFile()) };
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const made = () => {
    if (making === undefined) throw new Error("the files are made before the first test");
    return making;
  };
  const writing = () => ({
    database: database.current,
    clock: () => now,
    doer: { role: "test", userId: null },
    ...made(),
  });
  return {
    get making() {
      return made();
    },
    get writing() {
      return writing();
    },
    get rootFile() {
      return rootFile();
    },
    get keyFile() {
      return keyFile();
    },
    organisation: async () => {
      const [id, authorityId] = [uuid() as OrganisationId, uuid() as AuthorityId];
      await database.current.transaction(async (transaction) => {
        await insertAuthority(transaction, { id: authorityId, name: authorityId });
        const organisation = { id, authorityId, name: id, office: "none" } as const;
        await createOrganisationWithin(transaction, writing(), organisation);
      });
      return id;
    },
    oldOrganisation: async () => {
      const id = uuid() as OrganisationId;
      await database.current.transaction(async (transaction) => {
        await insertAuthority(transaction, { id: id as string as AuthorityId, name: id });
        await transaction.execute(
          sql`insert into organisations (id, authority_id, name) values (${id}, ${id}, ${id})`,
        );
      });
      return id;
    },
    away: async (act) => {
      await rename(rootFile(), `${rootFile()}.away`);
      try {
        return await act();
      } finally {
        await rename(`${rootFile()}.away`, rootFile());
      }
    },
  };
}
