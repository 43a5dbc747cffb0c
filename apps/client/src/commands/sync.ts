// Syncing with the server: once, or for as long as the program is let.

import { sync, watch, type Round, type Watched } from "@lockstep/workstation";
import type { Command } from "commander";

import { exitCodes } from "../exit-codes.ts";
import { Failure } from "../failure.ts";
import { roundSentences } from "../happenings.ts";
import { stopSignal } from "../interruption.ts";
import type { Invocation } from "../invocation.ts";
import { refused } from "../refusals.ts";
import { say, sayJson } from "../terminal.ts";

function ended(): Failure {
  return new Failure(
    "the organisation has deactivated this workstation",
    "ask your administrator for a new activation code",
    exitCodes.notActivated,
  );
}

function roundScreen(round: Round): string {
  const sentences = roundSentences(round);
  return ["Synced.", ...(sentences.length === 0 ? ["Nothing new."] : sentences)].join("\n");
}

async function syncOnce(invocation: Invocation, { postpone }: { readonly postpone?: true }): Promise<void> {
  const signal = stopSignal("nothing is lost; the next sync goes on");
  const round = await sync(await invocation.profile(), {
    signal,
    ...(postpone === undefined ? {} : { postpone }),
  });
  invocation.show(round, () => roundScreen(round));
}

function logged(watched: Watched): string {
  if ("round" in watched) return ["synced", ...roundSentences(watched.round)].join("; ");
  return `not synced, and tried again by itself: ${refused(watched.refusal).message}`;
}

function jsonOf(watched: Watched): object {
  if ("round" in watched) return watched.round;
  const { code, message, detail } = watched.refusal;
  return { refusal: { code, message, ...(detail === undefined ? {} : { detail }) } };
}

/** One line each, for a journal: when, and what. */
function log(invocation: Invocation, words: string, value: object): void {
  const at = new Date().toISOString();
  if (invocation.isJson) sayJson({ at, ...value }, 0);
  else say(`${at} ${words}`);
}

async function watchAlong(invocation: Invocation): Promise<void> {
  const signal = stopSignal("");
  const last = { isEnded: false };
  const profile = await invocation.profile();
  log(invocation, `watching ${profile.folder}`, { watching: profile.folder });
  await watch(profile, {
    signal,
    onRound: (watched) => {
      last.isEnded = "round" in watched && watched.round.ended;
      log(invocation, logged(watched), jsonOf(watched));
    },
  });
  // Whoever asked it to end is not told that something went wrong.
  log(invocation, "ended", { ended: true });
  if (last.isEnded) throw ended();
}

export function addSyncCommands(program: Command, invocation: Invocation): void {
  program
    .command("sync")
    .description("Fetches what the server has for this workstation, carries it out, and tells the server.")
    .option("--postpone", "leave a new Key-File for later, if the policy lets you")
    .action((options: { postpone?: true }) => syncOnce(invocation, options));

  program
    .command("watch")
    .summary("Syncs by itself, until it is ended.")
    .description(
      [
        "Syncs at once when the relay rings and by the policy's timer, and logs one line for each round. Ctrl-C and",
        "SIGTERM end it cleanly. docs/client.md has a systemd unit for it.",
      ].join(" "),
    )
    .action(() => watchAlong(invocation));
}
