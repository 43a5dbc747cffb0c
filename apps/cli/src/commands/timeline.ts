// What happened to one user, newest first.

import { standings } from "@lockstep/api";
import type { Command } from "commander";

import { wholeNumber } from "../arguments.ts";
import type { Invocation } from "../invocation.ts";
import { momentOf, table } from "../layout.ts";
import { findPerson, userArgument } from "../people.ts";

const usual = 50;

async function showTimeline(invocation: Invocation, text: string, limit: number): Promise<void> {
  const scope = await invocation.organisation();
  const { id: userId } = await findPerson(scope, text);
  const params = { ...scope.params, userId };
  const reply = await scope.call(standings.showTimeline, { params, query: { limit } });
  const rows = reply.entries.map(({ at, sentence, by }) => [momentOf(at), sentence, by]);
  invocation.show(reply, () => table(["WHEN", "WHAT", "BY"], rows));
}

export function addTimelineCommand(noun: Command, invocation: Invocation): void {
  noun
    .command("timeline")
    .description(
      "What happened to a user, and to the team, licence and organisation meanwhile, newest first. It is verified by `lockstep audit verify`.",
    )
    .argument(...userArgument)
    .option("--limit <number>", `how much of it, at most 200; ${usual} if left out`, wholeNumber)
    .action((text: string, { limit = usual }: { limit?: number }) => showTimeline(invocation, text, limit));
}
