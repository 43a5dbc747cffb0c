// Many files one after another: which there are, how far it is, and which were left as they were. One that cannot be done
// keeps none of the others from being done.

import { mkdir, realpath } from "node:fs/promises";
import { basename, dirname, join, relative, resolve, sep } from "node:path";

import { eachFile, WorkstationRefusal } from "@lockstep/workstation";

import { Failure } from "./failure.ts";
import { Bar } from "./progress.ts";
import { asError, hintOf, refused, refusedAt } from "./refusals.ts";
import { counted, paragraph, sizeOf } from "./layout.ts";
import { exitCodes } from "./exit-codes.ts";
import { remark } from "./terminal.ts";

/** A file to do. */
export interface Job {
  readonly path: string;
  readonly sizeBytes: number;
  /** Where it is below what was named on the command line, with the name of that. */
  readonly below: string;
}

/** A file or folder that was left as it was. */
interface Left {
  readonly path: string;
  readonly refusal: WorkstationRefusal;
}

export interface Batch {
  readonly jobs: readonly Job[];
  readonly left: readonly Left[];
  /** Files of this program that were among them: without those nothing could ever be opened again. */
  readonly ownFiles: number;
}

async function realPathOf(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}

/** Each path once, however often it was named. */
function withoutRepeats(jobs: readonly Job[]): Job[] {
  return [...new Map(jobs.map((job) => [resolve(job.path), job])).values()];
}

/**
 * Looks for the files of several paths.
 * @param ours folders with this program's own files, which are passed over.
 */
export async function gather(
  paths: readonly string[],
  purpose: "encrypt" | "decrypt",
  ours: readonly string[],
): Promise<Batch> {
  const own = await Promise.all(ours.map(realPathOf));
  const jobs: Job[] = [];
  const left: Left[] = [];
  let ownFiles = 0;
  for (const path of paths) {
    // A link that is named itself is refused later; one on the way to it is followed.
    const at = join(await realPathOf(dirname(resolve(path))), basename(resolve(path)));
    try {
      for await (const found of eachFile(path, purpose)) {
        const inside = relative(path, found.path);
        if (own.some((folder) => isWithin(join(at, inside), folder))) ownFiles += 1;
        else if ("refusal" in found) left.push(found);
        else jobs.push({ ...found, below: join(basename(at), inside) });
      }
    } catch (refusal) {
      if (!(refusal instanceof WorkstationRefusal)) throw refusal;
      left.push({ path, refusal });
    }
  }
  return { jobs: withoutRepeats(jobs), left, ownFiles };
}

const notMade: Readonly<Record<string, "disk-full" | "folder-not-writable">> = {
  ENOSPC: "disk-full",
  EDQUOT: "disk-full",
  EACCES: "folder-not-writable",
  EPERM: "folder-not-writable",
  EROFS: "folder-not-writable",
  EEXIST: "folder-not-writable",
  ENOTDIR: "folder-not-writable",
};

/** Where a decrypted file goes below another folder, which is made. Without the ending it stays where it is, and is refused. */
export async function targetBelow(folder: string, { below }: Job): Promise<string | undefined> {
  if (!below.endsWith(".age") || basename(below) === ".age") return undefined;
  const target = join(folder, below.slice(0, -".age".length));
  try {
    await mkdir(dirname(target), { recursive: true });
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? notMade[String(cause.code)] : undefined;
    if (code === undefined) throw cause;
    throw new WorkstationRefusal(code, { detail: dirname(target), cause });
  }
  return target;
}

interface Done {
  readonly path: string;
  readonly target: string;
  readonly bytes: number;
}

export interface Outcome {
  readonly done: readonly Done[];
  readonly left: readonly Left[];
  /** Files that there was no more use in trying. */
  readonly untried: number;
}

export type Convert = (job: Job, onProgress: (bytes: number) => void) => Promise<string>;

/** Does one file after another. A full disk ends it: each of the others would only find the same. */
export async function convertEach({ jobs, left: leftBefore }: Batch, convert: Convert): Promise<Outcome> {
  const bar = new Bar(jobs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0));
  const done: Done[] = [];
  const left = [...leftBefore];
  let tried = 0;
  try {
    for (const job of jobs) {
      tried += 1;
      try {
        const target = await convert(job, (bytes) => bar.show(job.path, bytes));
        done.push({ path: job.path, target, bytes: job.sizeBytes });
      } catch (refusal) {
        if (!(refusal instanceof WorkstationRefusal)) throw refusal;
        left.push({ path: job.path, refusal });
        if (refusal.code === "disk-full") break;
      }
      bar.add(job.sizeBytes);
    }
  } finally {
    bar.end();
  }
  return { done, left, untried: jobs.length - tried };
}

/** For programs: what is done, and what was left with its code. */
export function jsonOf({ done, left, untried }: Outcome): object {
  const reasons = left.map(({ path, refusal: { code, message } }) => ({ path, code, message }));
  return { done, left: reasons, untried };
}

/** What was done, in one line. @param verb as in "Encrypted". */
export function screenOf({ done }: Outcome, verb: string): string {
  const [only, ...others] = done;
  if (only === undefined) return `${verb} nothing.`;
  if (others.length === 0) return `${verb} ${only.path} to ${only.target}.`;
  const bytes = done.reduce((sum, each) => sum + each.bytes, 0);
  return `${verb} ${counted(done.length, "file")} (${sizeOf(bytes)}).`;
}

/** @throws Failure when something was left as it was; each of several is said before. */
export function refuseWhatIsLeft({ done, left, untried }: Outcome): void {
  const [first, ...others] = left;
  if (first === undefined) return;
  if (others.length === 0 && done.length === 0 && untried === 0) throw refused(first.refusal);
  for (const { path, refusal } of left) remark(paragraph("left: ", refusedAt(path, refusal)));
  const amount = `${left.length + untried} of ${counted(done.length + left.length + untried, "file")}`;
  const exitCode = done.length === 0 ? exitCodes.failed : exitCodes.someLeft;
  const hints = new Set(left.map(({ refusal }) => asError(hintOf(refusal))));
  throw new Failure(`${amount} were left as they were`, [...hints].join("; "), exitCode);
}
