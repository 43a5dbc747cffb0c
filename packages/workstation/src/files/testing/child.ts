// Encrypts or decrypts one file in a process of its own, tells each call to the disk on standard output before it is made,
// and kills itself at the one that it is told to. The last line says how it ended, and the most memory that was used.
//
//   node child.ts encrypt|decrypt PATH IDENTITY [CALL]

import { writeSync } from "node:fs";
import disk, { open } from "node:fs/promises";
import { syncBuiltinESMExports } from "node:module";
import { basename } from "node:path";

import { identityToRecipient } from "age-encryption";

import { WorkstationRefusal } from "../../refusal.ts";
import { decryptFile, encryptFile } from "../files.ts";

type Call = (this: unknown, ...given: unknown[]) => unknown;

const [verb, path = "", identity = "", killAt] = process.argv.slice(2);
let calls = 0;

function tell(name: string, given: readonly unknown[]): void {
  calls += 1;
  const names = given.filter((value) => typeof value === "string").map((value) => basename(value));
  writeSync(1, `${JSON.stringify([name, ...names])}\n`);
  if (calls === Number(killAt)) process.kill(process.pid, "SIGKILL");
}

function listen(object: object, names: readonly string[]): void {
  const methods = object as Record<string, Call>;
  for (const name of names) {
    const call = methods[name];
    if (call === undefined) throw new TypeError(name);
    methods[name] = function (...given) {
      tell(name, given);
      return call.apply(this, given);
    };
  }
}

const probe = await open("/dev/null");
listen(Object.getPrototypeOf(probe) as object, ["read", "write", "chmod", "sync"]);
await probe.close();
listen(disk, ["open", "link", "unlink", "rename", "readdir"]);
syncBuiltinESMExports();

async function outcome(): Promise<string> {
  try {
    if (verb === "encrypt") {
      await encryptFile(path, {
        lock: { recipients: [await identityToRecipient(identity)] },
        proof: [identity],
      });
    } else await decryptFile(path, { keys: { identities: [identity] } });
    return "done";
  } catch (error) {
    if (error instanceof WorkstationRefusal) return error.code;
    throw error;
  }
}

const ended = await outcome();
writeSync(1, `${JSON.stringify([ended, process.resourceUsage().maxRSS])}\n`);
