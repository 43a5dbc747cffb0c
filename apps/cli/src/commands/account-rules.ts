// What an organisation decides about the accounts of its people.

import { accounts, mails, type AccountRules } from "@lockstep/api";
import type { Command } from "commander";

import { oneOf, wholeNumber } from "../arguments.ts";
import { wrongUsage } from "../failure.ts";
import type { Invocation } from "../invocation.ts";
import { fields } from "../layout.ts";

const unblockingWords = {
  compatible: "compatible: whoever may block may also lift a block",
  strict: "strict: nobody lifts a block that a higher role has set",
} as const;

const languageWords = { en: "in English", de: "in German" } as const;

const digestWords = {
  off: "not by mail",
  daily: "every day, if anything waits for them",
  weekly: "every week, if anything waits for them",
} as const;

const secondFactorWords = {
  optional: "optional: whoever wants sets one up",
  required: "required: without one nothing can be done but to set one up",
} as const;

const singleSignOnWords = {
  users: "for users without a role",
  managers: "also for managers and helpdesk, whose roles reach no further than the organisation",
} as const;

function rulesScreen(rules: AccountRules): string {
  const { unblocking, inactiveDays, mailLanguage, digest, secondFactor, singleSignOnFor } = rules;
  return fields([
    ["unblocking", unblockingWords[unblocking]],
    ["disabled", `after more than ${inactiveDays} days without activity`],
    ["mails", languageWords[mailLanguage]],
    ["managers told", digestWords[digest]],
    ["second factor", secondFactorWords[secondFactor]],
    ["single sign-on", singleSignOnWords[singleSignOnFor]],
  ]);
}

interface Changes {
  readonly unblocking?: AccountRules["unblocking"];
  readonly inactiveDays?: number;
  readonly mailLanguage?: AccountRules["mailLanguage"];
  readonly digest?: AccountRules["digest"];
  readonly secondFactor?: AccountRules["secondFactor"];
  readonly singleSignOnFor?: AccountRules["singleSignOnFor"];
}

async function setRules(invocation: Invocation, changes: Changes): Promise<void> {
  if (Object.keys(changes).length === 0) {
    throw wrongUsage(
      "nothing to change was named",
      "--unblocking, --inactive-days, --mail-language, --digest, --second-factor or --single-sign-on-for",
    );
  }
  const { call, params } = await invocation.organisation();
  const { revision: match } = await call(accounts.showAccountRules, { params });
  const rules = await call(accounts.setAccountRules, { params, match, body: changes });
  invocation.show(rules, () => rulesScreen(rules));
}

export function addAccountRuleCommands(program: Command, invocation: Invocation): void {
  const noun = program
    .command("account-rules")
    .description("What an organisation decides about the accounts of its people.");

  noun
    .command("show")
    .description("The rules as they are.")
    .action(async () => {
      const { call, params } = await invocation.organisation();
      const rules = await call(accounts.showAccountRules, { params });
      invocation.show(rules, () => rulesScreen(rules));
    });

  noun
    .command("set")
    .description("Changes the rules; an authority administrator does this. What is not named stays.")
    .option("--unblocking <rule>", accounts.unblockingRules.join(" or "), oneOf(accounts.unblockingRules))
    .option(
      "--inactive-days <number>",
      "from 30 to 730; look first: lockstep inactivity preview",
      wholeNumber,
    )
    .option("--mail-language <language>", mails.mailLanguages.join(" or "), oneOf(mails.mailLanguages))
    .option("--digest <how often>", accounts.digests.join(" or "), oneOf(accounts.digests))
    .option(
      "--second-factor <rule>",
      accounts.secondFactorRules.join(" or "),
      oneOf(accounts.secondFactorRules),
    )
    .option(
      "--single-sign-on-for <people>",
      accounts.singleSignOnRules.join(" or "),
      oneOf(accounts.singleSignOnRules),
    )
    .action((changes: Changes) => setRules(invocation, changes));
}
