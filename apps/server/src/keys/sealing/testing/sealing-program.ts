// A server with the key-encryption key and nothing else, for tests that need a second process. It obeys the lines
// `add <count>`, `open <piece>` and `rewrap <organisation>`, and reports each event as a line of JSON.

import { createInterface } from "node:readline";

import { parseId } from "@lockstep/core";
import { z } from "zod";

import { Database } from "../../../db/database.ts";
import { makeKeyMaterial, openKeyMaterial, type KeyPlace } from "../../material.ts";
import { rewrapRound } from "../rewrap.ts";
import { openKeyEncryption } from "../sealing.ts";

const [file, connection] = z.tuple([z.string(), z.string()]).parse(process.argv.slice(2));
const settings = z.record(z.string(), z.union([z.string(), z.int()])).parse(JSON.parse(connection) ?? {});
const piece = z.object({ recipient: z.string(), material: z.string(), kekVersion: z.int() });

const keyEncryption = openKeyEncryption(file);
const somewhere: KeyPlace = {
  organisationId: parseId("01900000-0000-7000-8000-000000000001"),
  keyId: parseId("01900000-0000-7000-8000-000000000002"),
  version: 1,
};

function report(event: string, more: object = {}): void {
  process.stdout.write(`${JSON.stringify({ event, ...more })}\n`);
}

async function add(count: number): Promise<void> {
  for (let added = 0; added < count; added++) {
    keyEncryption.addVersion();
    report("sealed", { piece: await makeKeyMaterial(keyEncryption, somewhere) });
  }
  report("added");
}

async function open(text: string): Promise<void> {
  const sealed = piece.parse(JSON.parse(text));
  report("opened", { identity: await openKeyMaterial(keyEncryption, somewhere, sealed) });
}

async function rewrap(organisation: string): Promise<void> {
  const { left } = await rewrapRound(new Database(settings), keyEncryption, parseId(organisation));
  report("rewrapped", { left });
}

createInterface(process.stdin).on("line", (line) => {
  const [command, ...words] = line.split(" ");
  const rest = words.join(" ");
  if (command === "add") void add(Number(rest));
  if (command === "open") void open(rest);
  if (command === "rewrap") void rewrap(rest);
});
report("here");
