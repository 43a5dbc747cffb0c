// Signing in on this machine, signing out, and who is signed in.

import { ProblemError, sessions, type Me } from "@lockstep/api";
import type { Command } from "commander";

import { connect } from "../connection.ts";
import { exitCodes } from "../exit-codes.ts";
import { Failure, wrongUsage } from "../failure.ts";
import { parseServer, type Invocation } from "../invocation.ts";
import { dateOf, fields, table } from "../layout.ts";
import { readProfile, removeProfile, token as tokenShape, writeProfile } from "../profile.ts";
import { askSecret } from "../terminal.ts";

function meScreen({ user, roles, deletionDueAt }: Me, server: string): string {
  const who = fields([
    ["name", user.name],
    ["username", user.username],
    ["server", server],
    ...(deletionDueAt === null
      ? []
      : ([["account", `will be deleted on ${dateOf(deletionDueAt)}`]] as const)),
  ]);
  const rows = roles.map(({ role, organisation }) => [role, organisation]);
  return rows.length === 0 ? `${who}\n\nNo role.` : `${who}\n\n${table(["ROLE", "IN"], rows)}`;
}

const unknownToken = new Failure(
  "the server does not know this token",
  "it ended or was never one; the console makes another one",
  exitCodes.notAllowed,
);

function isUnknown(error: unknown): boolean {
  return error instanceof ProblemError && error.is("sign_in_required");
}

async function signIn(invocation: Invocation, url: string): Promise<void> {
  const server = parseServer(url);
  const token = await askSecret(`token for ${server}`);
  if (!tokenShape.safeParse(token).success) {
    throw wrongUsage("this is no token", "paste it as the server showed it once: one word, nothing else");
  }
  const { call } = connect(server, token);
  const me = await call(sessions.showSession).catch((error: unknown) => {
    throw isUnknown(error) ? unknownToken : error;
  });
  writeProfile(invocation.profilePath, { server, token });
  invocation.show(me, () => `Signed in to ${server} as ${me.user.name} (${me.user.username}).`);
}

async function signOut(invocation: Invocation): Promise<void> {
  const profile = readProfile(invocation.profilePath);
  if (profile === null) {
    invocation.show({}, () => "Nobody was signed in on this machine.");
    return;
  }
  const { call } = connect(profile.server, profile.token);
  try {
    const reply = await call(sessions.signOut);
    removeProfile(invocation.profilePath);
    invocation.show(reply, () => `Signed out of ${profile.server}. The token has ended.`);
  } catch (error) {
    removeProfile(invocation.profilePath);
    // The token had ended already, so there is nothing left of it.
    if (isUnknown(error)) {
      invocation.show({}, () => `Signed out of ${profile.server}. The token had ended before.`);
      return;
    }
    if (!(error instanceof Failure)) throw error;
    throw new Failure(
      `signed out on this machine only: ${error.message}`,
      "the token still works elsewhere until it ends: lockstep tokens end NAME",
      error.exitCode,
    );
  }
}

export function addSessionCommands(program: Command, invocation: Invocation): void {
  program
    .command("sign-in")
    .argument("<url>", "the server, as in http://127.0.0.1:8480")
    .summary("Keeps a token for a server on this machine.")
    .description(
      [
        'Signs in with a token, which the console makes under "Tokens". It is asked for without showing it, or',
        "read from standard input if that is no terminal, and kept in $XDG_CONFIG_HOME/lockstep/profile.json,",
        "which only you may read.\n\nLOCKSTEP_SERVER and LOCKSTEP_TOKEN in the environment work without signing in.",
      ].join(" "),
    )
    .action((url: string) => signIn(invocation, url));

  program
    .command("sign-out")
    .description("Ends the token that is kept on this machine, and forgets it.")
    .action(() => signOut(invocation));

  program
    .command("whoami")
    .description("Who is signed in, and in which roles.")
    .action(async () => {
      const { call, server } = invocation.connection();
      const me = await call(sessions.showSession);
      invocation.show(me, () => meScreen(me, server));
    });
}
