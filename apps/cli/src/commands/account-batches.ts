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

function batchScreen({ action, isDryRun, users, changed }: AccountBatch, rows: readonly Row[]): string {
  const word = action === "block-account" ? "block" : "unblock";
  const head = isDryRun
    ? `Would ${word} ${changed} of ${counted(users, "account")}.`
    : `${word === "block" ? "Blocked" : "Unblocked"} ${changed} of ${counted(users, "account")}.`;
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

async function unblockAccounts(
  invocation: Invocation,
  texts: readonly string[],
  { dryRun }: Planned,
): Promise<void> {
  const scope = await invocation.organisation();
  const userIds = (await findPeople(scope, texts)).map(({ id }) => id);
  const body = { userIds, isDryRun: dryRun === true };
  const { call, params } = scope;
  await follow(invocation, scope, await call(accountBatches.unblockAccounts, { params, body }));
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
    .action((texts: string[], options: Planned) => unblockAccounts(invocation, texts, options));
}
