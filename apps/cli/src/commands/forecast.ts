// What will happen by itself, and who may do what to whom.

import { forecast, verdicts, type Expected, type Verdict } from "@lockstep/api";
import { actions, accountStatuses, encryptionStatuses, type Action } from "@lockstep/core";
import type { Command } from "commander";

import { oneOf, wholeNumber } from "../arguments.ts";
import type { Invocation } from "../invocation.ts";
import { counted, fields, momentOf, table } from "../layout.ts";
import { findPerson, userArgument } from "../people.ts";

const words: Record<Expected["kind"], string> = {
  "account-disabled": "account disabled for inactivity",
  "block-ends": "block ends",
  "licence-expires": "licence expires",
  "activation-code-expires": "activation code expires",
};

function subjectOf({ user, licence }: Expected): string {
  if (user !== null) return `${user.name} (${user.username})`;
  return licence === null ? "" : `${licence.productId}, ${counted(licence.users, "user")}`;
}

function forecastScreen(expected: readonly Expected[]): string {
  if (expected.length === 0) return "Nothing.";
  return table(
    ["WHEN", "WHAT", "WHOSE"],
    expected.map((each) => [momentOf(each.on), words[each.kind], subjectOf(each)]),
  );
}

export function addForecastCommand(program: Command, invocation: Invocation): void {
  program
    .command("forecast")
    .description("What will happen by itself: accounts are disabled, blocks end, licences and codes expire.")
    .option("--days <number>", "how far to look; 30 if left out", wholeNumber)
    .option("--kind <kind>", `only ${forecast.forecastKinds.join(", ")}`, oneOf(forecast.forecastKinds))
    .action(async ({ days, kind }: { days?: number; kind?: Expected["kind"] }) => {
      const { call, params } = await invocation.organisation();
      const query = {
        ...(days === undefined ? {} : { days: String(days) }),
        ...(kind === undefined ? {} : { kind }),
      };
      const reply = await call(forecast.showForecast, { params, query });
      invocation.show(reply, () => forecastScreen(reply.expected));
    });
}

function verdictScreen({ allowed, rule, sentence, role, standing }: Verdict): string {
  return fields([
    ["allowed", allowed ? `yes${role === null ? "" : `, as ${role}`}` : "no"],
    ["because", `${rule}: ${sentence}`],
    ...(standing === null
      ? []
      : [
          ["account", accountStatuses[standing.account].label] as const,
          ["status", encryptionStatuses[standing.encryption].label] as const,
        ]),
  ]);
}

async function ask(
  invocation: Invocation,
  [text, action]: readonly [string, Action],
  options: { actor?: string },
): Promise<void> {
  const scope = await invocation.organisation();
  const { id: userId } = await findPerson(scope, text);
  const actor = options.actor === undefined ? {} : { actor: (await findPerson(scope, options.actor)).id };
  const params = { ...scope.params, userId };
  const verdict = await scope.call(verdicts.showVerdict, { params, query: { action, ...actor } });
  invocation.show(verdict, () => verdictScreen(verdict));
}

export function addVerdictCommand(noun: Command, invocation: Invocation): void {
  noun
    .command("can")
    .description("Whether you, or somebody else, may do something to a user, why, and what would follow.")
    .argument(...userArgument)
    .argument("<action>", "such as block-account; docs/standing.md has all of them", oneOf(actions))
    .option("--actor <user>", "who would do it; you if left out")
    .action((text: string, action: Action, options: { actor?: string }) =>
      ask(invocation, [text, action], options),
    );
}
