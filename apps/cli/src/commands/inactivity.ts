// Accounts that nobody uses: what the system is about to disable, and the held run that waits for somebody.

import { inactivity, type Inactivity } from "@lockstep/api";
import type { Command } from "commander";
import type { z } from "zod";

import { wholeNumber } from "../arguments.ts";
import type { Invocation } from "../invocation.ts";
import { counted, fields, momentOf, table } from "../layout.ts";
import { findPerson, userArgument } from "../people.ts";

type Preview = z.output<typeof inactivity.previewInactivity.reply>;

function inactivityScreen({ inactiveDays, held, exemptions }: Inactivity): string {
  const rules = fields([
    ["disabled", `after more than ${inactiveDays} days without activity, warned 14, 7, 3 and 1 day before`],
    [
      "held",
      held === null
        ? "nothing"
        : `${held.due} of ${counted(held.accounts, "account")} since ${momentOf(held.at)}: lockstep inactivity confirm ${held.due}`,
    ],
  ]);
  if (exemptions.length === 0) return rules;
  const rows = exemptions.map(({ name, username, reason }) => [name, username, reason]);
  return `${rules}\n\n${table(["EXEMPT", "USERNAME", "REASON"], rows)}`;
}

function previewScreen({ accounts, disabled, warned, wouldBeHeld, people }: Preview): string {
  const what = fields([
    ["accounts", String(accounts)],
    ["disabled", `${disabled} at once`],
    ["warned", `${warned} at once, and disabled two weeks later`],
    ["held", wouldBeHeld ? "yes: so many at once wait until somebody confirms it" : "no"],
  ]);
  if (people.length === 0) return what;
  const rows = people.map(({ name, username, disabledOn }) => [momentOf(disabledOn), name, username]);
  return `${what}\n\n${table(["DISABLED", "NAME", "USERNAME"], rows)}`;
}

async function previewInactivity(invocation: Invocation, days: number): Promise<void> {
  const { call, params } = await invocation.organisation();
  const query = { inactiveDays: String(days) };
  const preview = await call(inactivity.previewInactivity, { params, query });
  invocation.show(preview, () => previewScreen(preview));
}

async function exemptUser(
  invocation: Invocation,
  text: string,
  { reason }: { reason?: string },
): Promise<void> {
  const scope = await invocation.organisation();
  const { id: userId, name } = await findPerson(scope, text);
  const params = { ...scope.params, userId };
  if (reason === undefined) {
    const reply = await scope.call(inactivity.endExemption, { params });
    invocation.show(reply, () => `${name} is disabled for inactivity like anybody else, and warned before.`);
    return;
  }
  const reply = await scope.call(inactivity.exemptUser, { params, body: { reason } });
  invocation.show(reply, () => `${name} is not disabled for inactivity.`);
}

export function addExemptionCommands(noun: Command, invocation: Invocation): void {
  noun
    .command("exempt")
    .description("Exempts the account of a user from being disabled for inactivity.")
    .argument(...userArgument)
    .requiredOption("--reason <text>", "why")
    .action((text: string, options: { reason: string }) => exemptUser(invocation, text, options));

  noun
    .command("end-exemption")
    .description("Ends the exemption of a user.")
    .argument(...userArgument)
    .action((text: string) => exemptUser(invocation, text, {}));
}

export function addInactivityCommands(program: Command, invocation: Invocation): void {
  const noun = program
    .command("inactivity")
    .description("Accounts that nobody uses: after how many days they are disabled, and what is held.");

  noun
    .command("show")
    .description("After how many days accounts are disabled, who is exempt, and whether a run is held.")
    .action(async () => {
      const { call, params } = await invocation.organisation();
      const reply = await call(inactivity.showInactivity, { params });
      invocation.show(reply, () => inactivityScreen(reply));
    });

  noun
    .command("preview")
    .description("What another number of days would do.")
    .argument("<days>", "without activity", wholeNumber)
    .action((days: number) => previewInactivity(invocation, days));

  noun
    .command("confirm")
    .description("Lets a held run disable the accounts that were due; an authority administrator does this.")
    .argument("<number>", "of accounts, as lockstep inactivity show says it", wholeNumber)
    .action(async (due: number) => {
      const { call, params } = await invocation.organisation();
      const reply = await call(inactivity.confirmInactivity, { params, body: { due } });
      invocation.show(reply, () => `Confirmed: ${counted(due, "account")} will be disabled.`);
    });
}
