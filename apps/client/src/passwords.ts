// Where passwords come from: a terminal that does not show them, a file, or standard input. Never the command line, which
// everybody on the machine can read.

import { readFileSync } from "node:fs";

import { WorkstationRefusal, type Profile } from "@lockstep/workstation";

import { Failure } from "./failure.ts";
import { askSecret, canAsk } from "./terminal.ts";

/** What of commander's options says where the password is. */
export interface PasswordOption {
  readonly passwordFile?: string;
}

/** @throws Failure when the file cannot be read or holds nothing. */
function readFirstLine(path: string): string {
  const isInput = path === "-";
  let text: string;
  try {
    text = readFileSync(isInput ? 0 : path, "utf8");
  } catch {
    throw new Failure(`${path} cannot be read`, "check the name, who owns it, and its mode");
  }
  const [line = ""] = text.split(/\r?\n/, 1);
  if (line === "")
    throw new Failure(`${isInput ? "standard input" : path} holds no password`, "it is the first line");
  return line;
}

/** A password that exists: from the file that was named, else asked for. */
export async function existingPassword(file: string | undefined, question: string): Promise<string> {
  return file === undefined ? askSecret(question) : readFirstLine(file);
}

/** A password that somebody chooses now: from the file that was named, else asked for twice. */
export async function chosenPassword(file: string | undefined, question: string): Promise<string> {
  if (file !== undefined) return readFirstLine(file);
  const first = await askSecret(question);
  if (first === "") throw new Failure("nothing was entered", "run the command again");
  if ((await askSecret("the same again")) === first) return first;
  throw new Failure("the two are not the same", "run the command again");
}

/** Works through a login that is kept; without one the password is taken for this once, where there is one to be had. */
export async function unlocked<Result>(
  profile: Profile,
  { passwordFile }: PasswordOption,
  work: (profile: Profile, password?: string) => Promise<Result>,
): Promise<Result> {
  if (passwordFile !== undefined) return work(profile, readFirstLine(passwordFile));
  try {
    return await work(profile);
  } catch (error) {
    const isClosed = error instanceof WorkstationRefusal && error.code === "not-logged-in";
    if (!isClosed || !canAsk()) throw error;
    return work(profile, await askSecret("password of the Key-File"));
  }
}
