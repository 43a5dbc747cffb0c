// Proxy Sync: the server and its relay exchange what is due, now; or when they last did.

import { sync, type RelayState } from "@lockstep/api";
import type { Command } from "commander";

import type { Invocation } from "../invocation.ts";
import { counted, fields, momentOf } from "../layout.ts";

export function relayScreen({ relay, syncedAt, failedAt, failure, toDeliver }: RelayState): string {
  if (relay === null) return "The server has no relay: nothing travels to workstations.";
  const failed =
    failedAt === null ? [] : ([["failed", `${momentOf(failedAt)}: ${failure ?? "unknown"}`]] as const);
  return fields([
    ["relay", relay],
    ["last exchange", syncedAt === null ? "never" : momentOf(syncedAt)],
    ...failed,
    ["to deliver", counted(toDeliver, "parcel")],
  ]);
}

export function addSyncCommand(program: Command, invocation: Invocation): void {
  program
    .command("sync")
    .description("The server exchanges messages with its relay now, as it does by itself.")
    .option("--show", "only shows when that last went well, and what waits")
    .action(async ({ show }: { show?: true }) => {
      const { call, params } = await invocation.organisation();
      const state = await call(show === true ? sync.showSync : sync.startSync, { params });
      invocation.show(state, () => relayScreen(state));
    });
}
