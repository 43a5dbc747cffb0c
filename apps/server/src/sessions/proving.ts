// Whether somebody who signs in knows the password: the own one, or the one in the directory where that is wanted.

import { setTimeout as pause } from "node:timers/promises";

import type { Database } from "../db/database.ts";
import { isPasswordThere } from "../directory/commands/proving.ts";
import type { KeyEncryption } from "../keys/sealing/sealing.ts";
import { isPassword } from "./password.ts";
import { isAnyDirectoryAsked, type Candidate } from "./candidates/store.ts";

interface Proving {
  readonly database: Database;
  readonly keyEncryption: KeyEncryption;
}

/** Where directories are asked, a no comes so long after the question, whoever it was about and whatever was asked. */
const answerMilliseconds = 3000;

/**
 * An unknown name and a wrong password get the same answer after the same time. Whose directory is asked has no other
 * password: who is shut out there is shut out here.
 * @param candidate undefined for an unknown name.
 * @throws Refusal sign_in_busy.
 */
export async function isRightPassword(
  proving: Proving,
  candidate: Candidate | undefined,
  password: string,
): Promise<boolean> {
  const answerAt = performance.now() + answerMilliseconds;
  const asked = candidate?.directory ?? null;
  // Also for those whom a directory answers for: it keeps the time, and so many from being asked for at once.
  const isOwn = await isPassword(password, asked === null ? (candidate?.hash ?? null) : null);
  const isRight = asked === null ? isOwn : await isPasswordThere(proving, asked, { password, answerAt });
  if (isRight) return true;
  if (await proving.database.read(isAnyDirectoryAsked))
    await pause(Math.max(0, answerAt - performance.now()));
  return false;
}
