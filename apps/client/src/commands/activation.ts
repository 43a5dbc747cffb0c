// Activating this workstation with a code.

import { activate, checkCode, type Activated } from "@lockstep/workstation";
import type { Command } from "commander";

import { relayAddress, seconds } from "../arguments.ts";
import { stopSignal } from "../interruption.ts";
import type { Invocation } from "../invocation.ts";
import { fields } from "../layout.ts";
import { chosenPassword, type PasswordOption } from "../passwords.ts";
import { waiting } from "../progress.ts";
import { remark } from "../terminal.ts";

interface ActivateOptions extends PasswordOption {
  readonly relay?: string;
  readonly wait: number;
}

function screenOf({ organisation, user, workstation }: Activated): string {
  const who = fields([
    ["organisation", organisation],
    ["user", user],
    ["workstation", workstation],
  ]);
  return `This workstation is activated.\n\n${who}\n\nTo work with files: lockstep-client login`;
}

function clock(wholeSeconds: number): string {
  return `${Math.floor(wholeSeconds / 60)}:${String(wholeSeconds % 60).padStart(2, "0")}`;
}

async function activateWith(invocation: Invocation, code: string, options: ActivateOptions): Promise<void> {
  const relays = options.relay === undefined ? [] : [options.relay];
  // A mistyped character is found before a password is thought of.
  checkCode({ code, relays });
  const profile = await invocation.profile();
  const password = await chosenPassword(
    options.passwordFile,
    "password for the Key-File, which opens your keys",
  );
  const signal = stopSignal("the request stays; the same command goes on waiting");
  const activated = await waiting(
    (since) => `waiting for the server: ${clock(since)}  (Ctrl-C stops, the same command goes on)`,
    () =>
      activate(profile, {
        code,
        relays,
        password,
        waitSeconds: options.wait,
        signal,
        onAsked: (digits) => remark(`compare with the server: ${digits.slice(0, 3)} ${digits.slice(3)}`),
      }),
  );
  invocation.show(activated, () => screenOf(activated));
}

export function addActivationCommand(program: Command, invocation: Invocation): void {
  program
    .command("activate")
    .argument("<code>", "the code that your administrator gave you, or the link with it")
    .summary("Activates this workstation with a code.")
    .description(
      [
        "Asks the organisation to let this workstation in, shows six digits that must be the same on the server,",
        "and waits for the first Key-File. Stopped at any moment, the same command goes on from there. You choose a",
        "password that opens the Key-File from now on; nobody else knows it, and nobody can find it out.",
      ].join(" "),
    )
    .option("--relay <url>", "where the code's offer is; a link says it itself", relayAddress)
    .option("--wait <seconds>", "how long to wait for the server", seconds, 600)
    .option("--password-file <path>", "the new password is the first line; - is standard input")
    .action((code: string, options: ActivateOptions) => activateWith(invocation, code, options));
}
