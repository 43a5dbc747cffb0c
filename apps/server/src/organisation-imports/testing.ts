// Files of organisations and people, imported below the authority of the example.

import {
  organisationImports,
  organisations,
  type Call,
  type OrganisationImport,
  type Organisation,
} from "@lockstep/api";
import type { AuthorityId } from "@lockstep/core";
import { v7 as uuid } from "uuid";
import type { z } from "zod";

import type { ExampleApp } from "../http/testing/app.ts";

type Row = z.output<typeof organisationImports.listOrganisationImportRows.reply>["rows"][number];

export interface Importing {
  readonly call: Call;
  readonly authorityId: AuthorityId;
  readonly start: (csv: string, isDryRun?: boolean) => Promise<OrganisationImport>;
  readonly show: (id: OrganisationImport["id"]) => Promise<OrganisationImport>;
  readonly rows: (id: OrganisationImport["id"], only?: "skipped" | "organisations") => Promise<Row[]>;
  /** From its start to its end. */
  readonly imported: (
    csv: string,
    isDryRun?: boolean,
  ) => Promise<OrganisationImport & { verdicts: string[]; all: Row[] }>;
  readonly organisation: (name: string) => Promise<Organisation | undefined>;
}

/** As somebody of the example. */
export async function importingAs(example: ExampleApp, name: string): Promise<Importing> {
  const call = await example.callAs(name);
  const mia = await example.callAs("mia");
  const all = async () => (await mia(organisations.listOrganisations)).organisations;
  const authorityId = (await all()).find(({ office }) => office === "authority")?.authorityId;
  if (authorityId === undefined || authorityId === null) throw new Error("the example has an authority");
  const ofImport = (importId: OrganisationImport["id"]) => ({ params: { authorityId, importId } });
  const start: Importing["start"] = (csv, isDryRun = false) =>
    call(organisationImports.startOrganisationImport, {
      params: { authorityId },
      body: { fileName: "all.csv", csv, isDryRun },
    });
  const show: Importing["show"] = (id) => call(organisationImports.showOrganisationImport, ofImport(id));
  const rows: Importing["rows"] = async (id, only) => {
    const query = { limit: 1000, ...(only && { only }) };
    const reply = await call(organisationImports.listOrganisationImportRows, { ...ofImport(id), query });
    return reply.rows;
  };
  return {
    ...{ call, authorityId, start, show, rows },
    imported: async (csv, isDryRun) => {
      const { id } = await start(csv, isDryRun);
      await example.runImports();
      const told = await rows(id);
      return { ...(await show(id)), verdicts: told.map(({ verdict }) => verdict), all: told };
    },
    organisation: async (organisation) => (await all()).find((each) => each.name === organisation),
  };
}

/** Names of one test never meet those of another: `@` and `~` get a mark. */
export function marked(text: string, mark = uuid()): string {
  return text.replaceAll("@", `-${mark}@`).replaceAll("~", mark);
}
