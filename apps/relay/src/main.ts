// The relay's program: parse, start, say where, stop when told to.

import { existsSync } from "node:fs";

import { addAccount, loadAccounts } from "./accounts/accounts.ts";
import { parseConfig } from "./config.ts";
import { OperatorError } from "./operator-error.ts";
import { startRelay } from "./relay.ts";

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

function giveUp(error: unknown): never {
  if (!(error instanceof OperatorError)) throw error;
  process.stderr.write(`error: ${error.message}\nhint: ${error.hint}\n`);
  process.exit(1);
}

/** At once, because nobody can find it out later. */
function sayToken(token: string): void {
  say(`the token of a new account, shown this once: ${token}`);
}

async function run(): Promise<void> {
  const config = parseConfig(process.env, process.argv.slice(2));
  const { accountsFile } = config;
  if (config.addAccount) {
    sayToken(addAccount(accountsFile));
    return;
  }
  if (!existsSync(accountsFile) && !config.needsAccountsFile) sayToken(addAccount(accountsFile));
  const relay = await startRelay({ ...config, accounts: loadAccounts(accountsFile) });
  say(`the relay is at ${relay.origin}`);
  let isStopping = false;
  const stop = () => {
    if (isStopping) return;
    isStopping = true;
    void relay.stop().then(() => process.exit(0), giveUp);
  };
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, stop);
  if (config.isAttached) process.stdin.on("close", stop).resume();
}

await run().catch(giveUp);
