// The tokens with which programs, this one too, work as whoever made them.

import { sessions, type Token } from "@lockstep/api";
import type { Command } from "commander";

import { wholeNumber } from "../arguments.ts";
import type { Invocation } from "../invocation.ts";
import { dateOf, table } from "../layout.ts";
import { pick } from "../naming.ts";
import { remark } from "../terminal.ts";

function listScreen(all: readonly Token[]): string {
  if (all.length === 0) return "No tokens.";
  const rows = all.map(({ id, name, scope, madeAt, lastUsedAt, expiresAt }) => [
    name,
    scope,
    ...[madeAt, lastUsedAt, expiresAt].map(dateOf),
    id,
  ]);
  return table(["NAME", "MAY DO", "MADE", "LAST USED", "EXPIRES", "ID"], rows);
}

interface MakeOptions {
  readonly days?: number;
  readonly reading?: true;
}

async function makeToken(
  invocation: Invocation,
  name: string,
  { days, reading }: MakeOptions,
): Promise<void> {
  const { call } = invocation.connection();
  const scope = reading === true ? "reading" : "everything";
  const body = { name, scope, ...(days === undefined ? {} : { days }) } as const;
  const reply = await call(sessions.makeToken, { body });
  const what = scope === "reading" ? "reads" : "works";
  remark(`This is shown once. It ${what} as you until ${dateOf(reply.token.expiresAt)}:`);
  invocation.show(reply, () => reply.secret);
}

async function endToken(invocation: Invocation, text: string): Promise<void> {
  const { call } = invocation.connection();
  const { tokens } = await call(sessions.listTokens);
  const { id: tokenId, name } = pick(tokens, text, {
    noun: "token",
    place: "of yours",
    namesOf: (token) => [token.id, token.name],
    labelOf: ({ id, lastUsedAt }) => `${id} (last used ${dateOf(lastUsedAt)})`,
    list: "all of them: lockstep tokens list",
  });
  const reply = await call(sessions.endToken, { params: { tokenId } });
  invocation.show(reply, () => `Ended the token ${name}.`);
}

export function addTokenCommands(program: Command, invocation: Invocation): void {
  const noun = program
    .command("tokens")
    .alias("token")
    .description("Your own tokens, with which programs work as you.");

  noun
    .command("list")
    .description("Your own tokens, newest first. None of them can be shown again.")
    .action(async () => {
      const { call } = invocation.connection();
      const reply = await call(sessions.listTokens);
      invocation.show(reply, () => listScreen(reply.tokens));
    });

  noun
    .command("make")
    .description("Makes a token. It is written to standard output this once, alone on its line.")
    .argument("<name>", "what it is for")
    .option(
      "--days <number>",
      "how long it works, a year at most; 90, or as long as yours, if left out",
      wholeNumber,
    )
    .option("--reading", "reads what you may read, and changes nothing")
    .action((name: string, options: MakeOptions) => makeToken(invocation, name, options));

  noun
    .command("end")
    .description("Ends one of your tokens at once.")
    .argument("<token>", "its name or its id; never the token itself")
    .action((text: string) => endToken(invocation, text));
}
