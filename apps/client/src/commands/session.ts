// Logging in to the Key-File and out again, the password, and the keys as other programs take them.

import { open } from "node:fs/promises";

import {
  changePassword,
  exportIdentity,
  login,
  logout,
  WorkstationRefusal,
  type LoggedIn,
} from "@lockstep/workstation";
import type { Command } from "commander";

import { Failure } from "../failure.ts";
import { sentencesOf } from "../happenings.ts";
import type { Invocation } from "../invocation.ts";
import { counted, paragraph } from "../layout.ts";
import { chosenPassword, existingPassword, unlocked, type PasswordOption } from "../passwords.ts";
import { refused } from "../refusals.ts";
import { remark } from "../terminal.ts";

function loginScreen({ kept, mustChangePassword, waiting, happenings }: LoggedIn): string {
  return [
    kept === null
      ? "The password is right.\nNo place here is private enough to keep a login, so each command needs it."
      : "Logged in.",
    ...sentencesOf(happenings),
    ...(waiting > 0 ? [`${counted(waiting, "Key-File")} postponed. To apply it: lockstep-client login`] : []),
    ...(mustChangePassword ? ["The password must be changed now: lockstep-client password"] : []),
  ].join("\n");
}

interface LoginOptions extends PasswordOption {
  readonly postpone?: true;
}

async function logIn(invocation: Invocation, { passwordFile, postpone }: LoginOptions): Promise<void> {
  const profile = await invocation.profile();
  const password = await existingPassword(passwordFile, "password of the Key-File");
  const loggedIn = await login(profile, { password, postpone: postpone ?? false });
  invocation.show(loggedIn, () => loginScreen(loggedIn));
}

async function logOut(invocation: Invocation): Promise<void> {
  await logout(await invocation.profile());
  invocation.show({}, () => "Logged out. Until the next login nothing can be encrypted or opened.");
}

interface ChangeOptions extends PasswordOption {
  readonly newPasswordFile?: string;
}

async function change(invocation: Invocation, options: ChangeOptions): Promise<void> {
  const profile = await invocation.profile();
  const password = await existingPassword(options.passwordFile, "present password");
  const next = await chosenPassword(options.newPasswordFile, "new password");
  await changePassword(profile, { password, next });
  invocation.show({}, () => "The password was changed.");
}

const warning = paragraph(
  "warning: ",
  "whoever has these keys opens every file that was encrypted to them, without a password, and nobody can take that back",
);

/** Writes a new file that only its owner can read. An existing one is never overwritten. */
async function writeSecret(path: string, text: string): Promise<void> {
  try {
    const file = await open(path, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (!(cause instanceof Error && "code" in cause)) throw cause;
    if (cause.code === "EEXIST")
      throw refused(new WorkstationRefusal("file-exists", { detail: path, cause }));
    throw new Failure(`${path} cannot be written`, "check that its folder is there, and who may write in it");
  }
}

async function exportKeys(invocation: Invocation, options: PasswordOption & { to?: string }): Promise<void> {
  const text = await unlocked(await invocation.profile(), options, exportIdentity);
  const { to } = options;
  const identities = text.trim().split("\n");
  remark(warning);
  if (to === undefined) invocation.show({ identities }, () => text.trim());
  else {
    await writeSecret(to, text);
    invocation.show(
      { to },
      () => `${counted(identities.length, "key")} written. To open a file: age -d -i ${to} FILE`,
    );
  }
}

export function addSessionCommands(program: Command, invocation: Invocation): void {
  const passwordFile = [
    "--password-file <path>",
    "the password is its first line; - is standard input",
  ] as const;

  program
    .command("login")
    .description("Opens the Key-File with your password, and applies one that waits.")
    .option("--postpone", "leave a Key-File that waits for later, if the policy lets you")
    .option(...passwordFile)
    .action((options: LoginOptions) => logIn(invocation, options));

  program
    .command("logout")
    .description("Closes the Key-File.")
    .action(() => logOut(invocation));

  program
    .command("password")
    .description("Changes the password of the Key-File.")
    .option("--password-file <path>", "the present one is its first line; - is standard input")
    .option("--new-password-file <path>", "the new one is its first line")
    .action((options: ChangeOptions) => change(invocation, options));

  program
    .command("export-identity")
    .description("Gives out the keys, so that any age program opens the files, if the policy allows it.")
    .option("--to <file>", "a new file that only you can read; without it they are printed")
    .option(...passwordFile)
    .action((options: PasswordOption & { to?: string }) => exportKeys(invocation, options));
}
