// Encrypts or decrypts one file as the client does, in a process of its own, or does to as many bytes in memory what
// cannot be spared: ChaCha20-Poly1305 over chunks of 64 KiB. Says how long it took and how much memory it had at most.

import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { stat } from "node:fs/promises";
import { argv, resourceUsage, stdout } from "node:process";
import { fileURLToPath } from "node:url";

import { decryptFile, encryptFile } from "@lockstep/workstation";
import { z } from "zod";

import { timed } from "./measure.ts";

const done = z.object({ milliseconds: z.number(), peakKibibytes: z.number() });
export type Done = z.output<typeof done>;
export const parseDone = (text: string): Done => done.parse(JSON.parse(text));

const chunkBytes = 64 * 1024;
const tagBytes = 16;
const cipherName = "chacha20-poly1305";
const options = { authTagLength: tagBytes } as const;

/** The same chunk again and again: only the cipher counts. */
function sealInMemory(bytes: number): void {
  const [key, nonce, chunk] = [randomBytes(32), Buffer.alloc(12), randomBytes(chunkBytes)];
  for (let number = 0; number < bytes / chunkBytes; number++) {
    nonce.writeUInt32BE(number);
    const cipher = createCipheriv(cipherName, key, nonce, options);
    cipher.update(chunk);
    cipher.final();
    cipher.getAuthTag();
  }
}

function openInMemory(bytes: number): void {
  const [key, nonce, chunk] = [randomBytes(32), Buffer.alloc(12), randomBytes(chunkBytes)];
  const cipher = createCipheriv(cipherName, key, nonce, options);
  const sealed = cipher.update(chunk);
  cipher.final();
  const tag = cipher.getAuthTag();
  for (let number = 0; number < bytes / chunkBytes; number++) {
    const decipher = createDecipheriv(cipherName, key, nonce, options);
    decipher.setAuthTag(tag);
    decipher.update(sealed);
    decipher.final();
  }
}

const shouldKeepOriginal = true;

const ways: Readonly<Record<string, (path: string, key: string) => Promise<unknown>>> = {
  encrypt: (path, recipient) => encryptFile(path, { lock: { recipients: [recipient] }, shouldKeepOriginal }),
  decrypt: (path, identity) =>
    decryptFile(path, { keys: { identities: [identity] }, target: `${path}.plain`, shouldKeepOriginal }),
  "seal-in-memory": async (path) => sealInMemory((await stat(path)).size),
  "open-in-memory": async (path) => openInMemory((await stat(path)).size),
};

async function run([name = "", path = "", key = ""]: readonly string[]): Promise<Done> {
  const way = ways[name];
  if (way === undefined) throw new Error(`there is no way ${name}`);
  const milliseconds = await timed(() => way(path, key));
  return { milliseconds, peakKibibytes: resourceUsage().maxRSS };
}

if (argv[1] === fileURLToPath(import.meta.url)) stdout.write(JSON.stringify(await run(argv.slice(2))));
