// Many accounts at once: a plan, or the deed with a verdict for each.

import { accountBatches, type AccountBatch } from "@lockstep/api";
import type { Command } from "commander";
import type { z } from "zod";

import type { Invocation, Scope } from "../invocation.ts";
import { counted, table } from "../layout.ts";
import { findPeople } from "../people.ts";
import { untilEnded } from "../running.ts";
import { groundsOf, withGrounds, type BlockOptions } from "./accounts.ts";

type Row = z.output<typeof accountBatches.listAccountBatchRows.reply>["rows"][number];

async function loadRows({ call, params }: Scope, { id, users }: AccountBatch): Promise<Row[]> {
  const rows: Row[] = [];
  while (rows.length < users) {
    const query = { after: String(rows.length), limit: "1000" };
    const page = await call(accountBatches.listAccountBatchRows, {
      params: { ...params, batchId: id },
      query,
    });
    if (page.rows.length === 0) break;
    rows.push(...page.rows);
  }
  return rows;
}

const words = {
  "block-account": { plan: "block", done: "Blocked" },
  "unblock-account": { plan: "unblock", done: "Unblocked" },
  "resend-invitation": { plan: "invite again", done: "Invited again" },
} as const;

function batchScreen({ action, isDryRun, users, changed }: AccountBatch, rows: readonly Row[]): string {
  const { plan, done } = words[action];
  const head = `${isDryRun ? `Would ${plan}` : done} ${changed} of ${counted(users, "account")}.`;
  const told = rows.map(({ user, verdict, sentence }) => [user.name, user.username, verdict, sentence]);
  return `${head}\n\n${table(["NAME", "USERNAME", "VERDICT", "WHY"], told)}`;
}

async function follow(invocation: Invocation, scope: Scope, begun: AccountBatch): Promise<void> {
  const { call, params } = scope;
  const ended = await untilEnded(begun, {
    load: () => call(accountBatches.showAccountBatch, { params: { ...params, batchId: begun.id } }),
    progressOf: ({ done, users }) => `${done} of ${counted(users, "account")}`,
  });
  const rows = await loadRows(scope, ended);
  invocation.show({ ...ended, rows }, () => batchScreen(ended, rows));
}

interface Planned {
  readonly dryRun?: true;
}

async function blockAccounts(
  invocation: Invocation,
  texts: readonly string[],
  options: BlockOptions & Planned,
): Promise<void> {
  const scope = await invocation.organisation();
  const userIds = (await findPeople(scope, texts)).map(({ id }) => id);
  const body = { userIds, isDryRun: options.dryRun === true, ...groundsOf(options) };
  const { call, params } = scope;
  await follow(invocation, scope, await call(accountBatches.blockAccounts, { params, body }));
}

async function changeAccounts(
  invocation: Invocation,
  texts: readonly string[],
  endpoint: typeof accountBatches.unblockAccounts,
  { dryRun }: Planned,
): Promise<void> {
  const scope = await invocation.organisation();
  const userIds = (await findPeople(scope, texts)).map(({ id }) => id);
  const body = { userIds, isDryRun: dryRun === true };
  const { call, params } = scope;
  await follow(invocation, scope, await call(endpoint, { params, body }));
}

const dryRun = ["--dry-run", "only say what would become of each"] as const;

export function addAccountBatchCommands(program: Command, invocation: Invocation): void {
  const noun = program.command("accounts").description("Many accounts at once, each with a verdict.");

  withGrounds(
    noun
      .command("block")
      .description("Blocks the accounts of some users; those that cannot be blocked are passed over.")
      .argument("<user...>"),
  )
    .option(...dryRun)
    .action((texts: string[], options: BlockOptions & Planned) => blockAccounts(invocation, texts, options));

  noun
    .command("unblock")
    .description("Unblocks the accounts of some users, which also enables them.")
    .argument("<user...>")
    .option(...dryRun)
    .action((texts: string[], options: Planned) =>
      changeAccounts(invocation, texts, accountBatches.unblockAccounts, options),
    );

  noun
    .command("resend-invitations")
    .description("Sends another activation mail to those who wait to be activated; former links are void.")
    .argument("<user...>")
    .option(...dryRun)
    .action((texts: string[], options: Planned) =>
      changeAccounts(invocation, texts, accountBatches.resendInvitations, options),
    );
}
