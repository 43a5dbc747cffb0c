// A command to every workstation of one user, within a change that does more than that.

import type { UpdateId, UserId } from "@lockstep/core";
import { v7 as uuid } from "uuid";

import { endActivation } from "../activations/store.ts";
import type { Change } from "../db/change.ts";
import {
  listActivationsToCommand,
  listActivationsToEnd,
  postCommand,
  supersedeKeyFiles,
  type Command,
} from "./store.ts";

/** The user is locked already. @returns to how many it was posted. */
export async function commandEverywhere(
  change: Change,
  userId: UserId,
  kind: Command["kind"],
): Promise<number> {
  const active = await listActivationsToCommand(change, change.organisationId, userId);
  for (const { id: activationId, workstation } of active) {
    await postCommand(change, { id: uuid() as UpdateId, kind, activationId, userId });
    change.record({ kind: "command-posted", userId, detail: { command: kind, workstation } });
  }
  return active.length;
}

/** Ends every activation of some users at once; an ended one is still told to wipe. The users are locked already. */
export async function endActivationsOf(change: Change, users: readonly UserId[]): Promise<void> {
  await supersedeKeyFiles(change, users);
  const active = await listActivationsToEnd(change, change.organisationId, users);
  for (const { id: activationId, userId, workstation } of active) {
    await postCommand(change, { id: uuid() as UpdateId, kind: "deactivate", activationId, userId });
    await endActivation(change, activationId, userId);
    change.record({ kind: "command-posted", userId, detail: { command: "deactivate", workstation } });
  }
}
