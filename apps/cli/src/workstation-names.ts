// Workstations by what they call themselves, or by id.

import { ProblemError, workstations, type WorkstationDetail } from "@lockstep/api";
import { isId, type WorkstationId } from "@lockstep/core";
import type { z } from "zod";

import { Failure } from "./failure.ts";
import type { Scope } from "./invocation.ts";
import { pick } from "./naming.ts";

/** How a workstation is named on the command line. */
export const workstationArgument = ["<workstation>", "its name, or an id"] as const;

type Page = z.output<typeof workstations.listWorkstations.reply>;

export async function loadWorkstations(
  { call, params }: Scope,
  query: z.input<typeof workstations.listWorkstations.query>,
): Promise<Page> {
  return call(workstations.listWorkstations, { params, query });
}

/** Every workstation whose name begins so, on one page. */
export async function loadAllWorkstations(scope: Scope, filter: { search?: string }): Promise<Page> {
  const all: WorkstationDetail[] = [];
  for (let more = true; more;) {
    const last = all.at(-1);
    const after = last === undefined ? {} : { after: last.id };
    const page = await loadWorkstations(scope, { ...filter, ...after, limit: 200 });
    all.push(...page.workstations);
    ({ more } = page);
  }
  return { workstations: all, more: false };
}

const list = "all of them: lockstep workstations list";

async function findById(
  { call, params, organisation }: Scope,
  workstationId: WorkstationId,
): Promise<WorkstationDetail> {
  try {
    return await call(workstations.showWorkstation, { params: { ...params, workstationId } });
  } catch (error) {
    if (!(error instanceof ProblemError && error.is("workstation_not_found"))) throw error;
    throw new Failure(`there is no workstation ${workstationId} in ${organisation.name}`, list);
  }
}

/** The workstation of a name, if that is one's only, or of an id. */
export async function findWorkstation(scope: Scope, text: string): Promise<WorkstationDetail> {
  if (isId(text)) return findById(scope, text as WorkstationId);
  const found =
    text === "" ? [] : (await loadAllWorkstations(scope, { search: text.slice(0, 100) })).workstations;
  return pick(found, text, {
    noun: "workstation",
    place: `in ${scope.organisation.name}`,
    namesOf: ({ name }) => [name],
    labelOf: ({ id, activations }) =>
      `${id} (${activations.map(({ user }) => user.name).join(", ") || "nobody"})`,
    list,
  });
}
