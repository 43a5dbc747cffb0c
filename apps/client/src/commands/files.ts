// Encrypting files and folders to the team's keys, and back.

import {
  decryptFile,
  encryptFile,
  keysFor,
  type KeysAtHand,
  type Lock,
  type Purpose,
} from "@lockstep/workstation";
import type { Command } from "commander";

import {
  convertEach,
  gather,
  jsonOf,
  refuseWhatIsLeft,
  screenOf,
  targetBelow,
  type Convert,
} from "../batch.ts";
import { wrongUsage } from "../failure.ts";
import { stopSignal } from "../interruption.ts";
import type { Invocation } from "../invocation.ts";
import { counted } from "../layout.ts";
import { chosenPassword, existingPassword, unlocked, type PasswordOption } from "../passwords.ts";
import { remark } from "../terminal.ts";

interface FileOptions extends PasswordOption {
  readonly keep?: true;
  readonly to?: string;
  readonly passphrase?: true;
  readonly passphraseFile?: string;
}

async function keysOf(invocation: Invocation, purpose: Purpose, options: FileOptions): Promise<KeysAtHand> {
  return unlocked(await invocation.profile(), options, (profile, password) =>
    keysFor(profile, purpose, password),
  );
}

/** The passphrase, if one is wanted. @param take how one is asked for. */
async function passphraseOf(
  { passphrase, passphraseFile }: FileOptions,
  take: typeof existingPassword,
): Promise<string | undefined> {
  const isWanted = passphrase === true || passphraseFile !== undefined;
  const given = isWanted ? await take(passphraseFile, "passphrase") : undefined;
  if (given === "") throw wrongUsage("nothing was entered", "a passphrase has at least one character");
  return given;
}

interface Work {
  readonly purpose: "encrypt" | "decrypt";
  /** As in "Encrypted". */
  readonly verb: string;
  readonly convert: Convert;
}

async function convertAll(invocation: Invocation, paths: readonly string[], work: Work): Promise<void> {
  const batch = await gather(paths, work.purpose, invocation.ourFolders);
  if (batch.ownFiles > 0)
    remark(`passed over: ${counted(batch.ownFiles, "file")} that this program needs itself`);
  const outcome = await convertEach(batch, work.convert);
  if (outcome.done.length > 0 || outcome.left.length === 0 || invocation.isJson)
    invocation.show(jsonOf(outcome), () => screenOf(outcome, work.verb));
  refuseWhatIsLeft(outcome);
}

async function encrypt(
  invocation: Invocation,
  paths: readonly string[],
  options: FileOptions,
): Promise<void> {
  const { recipients, identities } = await keysOf(invocation, "encrypt", options);
  const passphrase = await passphraseOf(options, chosenPassword);
  const lock: Lock =
    passphrase === undefined ? { recipients: recipients.map(({ recipient }) => recipient) } : { passphrase };
  const signal = stopSignal("what is encrypted stays so; the same command goes on with the rest");
  await convertAll(invocation, paths, {
    purpose: "encrypt",
    verb: "Encrypted",
    convert: ({ path }, onProgress) =>
      encryptFile(path, {
        lock,
        proof: identities,
        shouldKeepOriginal: options.keep ?? false,
        signal,
        onProgress: ({ doneBytes }) => onProgress(doneBytes),
      }),
  });
}

async function decrypt(
  invocation: Invocation,
  paths: readonly string[],
  options: FileOptions,
): Promise<void> {
  const { identities } = await keysOf(invocation, "store", options);
  const passphrase = await passphraseOf(options, existingPassword);
  const keys = { identities, ...(passphrase === undefined ? {} : { passphrase }) };
  const signal = stopSignal("what is decrypted stays so; the same command goes on with the rest");
  const { to, keep } = options;
  await convertAll(invocation, paths, {
    purpose: "decrypt",
    verb: "Decrypted",
    convert: async (job, onProgress) => {
      const target = to === undefined ? undefined : await targetBelow(to, job);
      return decryptFile(job.path, {
        keys,
        ...(target === undefined ? {} : { target }),
        shouldKeepOriginal: keep ?? false,
        signal,
        onProgress: ({ doneBytes }) => onProgress(doneBytes),
      });
    },
  });
}

const passwordFile = [
  "--password-file <path>",
  "with this password, for this once; - is standard input",
] as const;

export function addFileCommands(program: Command, invocation: Invocation): void {
  program
    .command("encrypt")
    .argument("<path...>", "files, and folders with all that is in them")
    .summary("Encrypts files and folders to the team's keys.")
    .description(
      [
        "Encrypts each file to report.pdf.age beside it, to all keys of the Key-File that are for it, and removes",
        "the original once the new file is safe and one of your keys opens it. Links are not followed.",
      ].join(" "),
    )
    .option("--keep", "keep the originals")
    .option("--passphrase", "to a passphrase instead of the keys, for somebody outside")
    .option("--passphrase-file <path>", "the same, read from the first line of a file")
    .option(...passwordFile)
    .action((paths: string[], options: FileOptions) => encrypt(invocation, paths, options));

  program
    .command("decrypt")
    .argument("<path...>", "encrypted files, and folders with all that end in .age")
    .summary("Decrypts files and folders.")
    .description(
      [
        "Decrypts each file to its name without .age, and removes the encrypted one once the new file is safe.",
        "Files of any age program that are for one of your keys open as well.",
      ].join(" "),
    )
    .option("--keep", "keep the encrypted files")
    .option("--to <folder>", "put the files there, in folders like those they are in")
    .option("--passphrase", "ask for a passphrase, for a file from outside")
    .option("--passphrase-file <path>", "the same, read from the first line of a file")
    .option(...passwordFile)
    .action((paths: string[], options: FileOptions) => decrypt(invocation, paths, options));
}
