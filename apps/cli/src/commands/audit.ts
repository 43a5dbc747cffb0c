// Whether the record of changes is whole.

import { events } from "@lockstep/api";
import type { Command } from "commander";

import { exitCodes } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { counted } from "../layout.ts";

async function verifyEvents(invocation: Invocation): Promise<void> {
  const { call, params, organisation } = await invocation.organisation();
  const reply = await call(events.verifyEvents, { params });
  const { sealed, unsealed, brokenSeal, strangers } = reply;
  const isWhole = brokenSeal === null && strangers === 0;
  const verdict = isWhole ? "Every seal fits." : "The record is not as it was written.";
  invocation.show(reply, () => `${verdict} ${counted(sealed, "event")} sealed, ${unsealed} waiting to be.`);
  if (isWhole) return;
  const found = [
    ...(brokenSeal === null ? [] : [`seal ${brokenSeal} is the first that does not fit`]),
    ...(strangers === 0 ? [] : [`${counted(strangers, "event")} not put in by the product`]),
  ];
  throw new Failure(
    `the record of ${organisation.name} was changed: ${found.join(", ")}`,
    "find out who can write to the database, and compare with a backup",
    exitCodes.failed,
  );
}

export function addAuditCommands(program: Command, invocation: Invocation): void {
  const noun = program.command("audit").description("The record of who changed what.");

  noun
    .command("verify")
    .description("Recomputes the chain of seals over every event of an organisation.")
    .action(() => verifyEvents(invocation));
}
