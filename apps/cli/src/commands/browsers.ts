// The browsers in which one is signed in, and being signed out there.

import { sessions, type Session } from "@lockstep/api";
import type { Command } from "commander";

import type { Invocation } from "../invocation.ts";
import { momentOf, table } from "../layout.ts";
import { pick } from "../naming.ts";

function listScreen(all: readonly Session[]): string {
  if (all.length === 0) return "You are signed in in no browser.";
  const rows = all.map(({ id, name, madeAt, lastUsedAt }) => [
    name,
    momentOf(madeAt),
    momentOf(lastUsedAt),
    id,
  ]);
  return table(["BROWSER", "SINCE", "LAST USED", "ID"], rows);
}

async function endOne(invocation: Invocation, text: string): Promise<void> {
  const { call } = invocation.connection();
  const { sessions: all } = await call(sessions.listSessions);
  const { id: sessionId, name } = pick(all, text, {
    noun: "browser",
    place: "in which you are signed in",
    namesOf: (session) => [session.id, session.name],
    labelOf: ({ id, lastUsedAt }) => `${id} (last used ${momentOf(lastUsedAt)})`,
    list: "all of them: lockstep sessions list",
  });
  const reply = await call(sessions.endSession, { params: { sessionId } });
  invocation.show(reply, () => `Signed out in ${name}.`);
}

async function endAll(invocation: Invocation): Promise<void> {
  const { call } = invocation.connection();
  const reply = await call(sessions.endOtherSessions);
  const where = reply.ended === 1 ? "1 browser" : `${reply.ended} browsers`;
  invocation.show(reply, () => `Signed out in ${where}. Tokens stay.`);
}

export function addBrowserCommands(program: Command, invocation: Invocation): void {
  const noun = program
    .command("sessions")
    .alias("session")
    .description("The browsers in which you are signed in. Nobody else sees them.");

  noun
    .command("list")
    .description("The browsers in which you are signed in, the one used last first.")
    .action(async () => {
      const { call } = invocation.connection();
      const reply = await call(sessions.listSessions);
      invocation.show(reply, () => listScreen(reply.sessions));
    });

  noun
    .command("end")
    .description("Signs you out in one browser at once.")
    .argument("<browser>", "its name or its id")
    .action((text: string) => endOne(invocation, text));

  noun
    .command("end-all")
    .description("Signs you out in every browser at once. Tokens, also the one you work with, stay.")
    .action(() => endAll(invocation));
}
