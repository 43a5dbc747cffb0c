// How a list of people is narrowed on the command line.

import type { AccountStatus, EncryptionStatus, TeamId } from "@lockstep/core";
import type { Command } from "commander";

import type { Scope } from "./invocation.ts";
import { accountCodes, encryptionCodes, parseAccountStatus, parseEncryptionStatus } from "./statuses.ts";
import { loadTeams } from "./team-tree.ts";

export interface FilterOptions {
  readonly status?: EncryptionStatus;
  readonly account?: AccountStatus;
  readonly team?: string;
  readonly search?: string;
}

interface PeopleFilter extends Omit<FilterOptions, "team"> {
  readonly team?: TeamId;
}

export function withFilter(command: Command): Command {
  return command
    .option("--status <status>", `only in this status: ${encryptionCodes.join(", ")}`, parseEncryptionStatus)
    .option("--account <status>", `only with this account: ${accountCodes.join(", ")}`, parseAccountStatus)
    .option("--team <team>", "only in this team and the teams below it")
    .option("--search <text>", "only whose name or username begins so; accents and capitals do not matter");
}

export async function filterOf(
  scope: Scope,
  { status, account, search, team }: FilterOptions,
): Promise<PeopleFilter> {
  return {
    ...(status === undefined ? {} : { status }),
    ...(account === undefined ? {} : { account }),
    ...(search === undefined ? {} : { search }),
    ...(team === undefined ? {} : { team: (await loadTeams(scope)).pick(team).id }),
  };
}
