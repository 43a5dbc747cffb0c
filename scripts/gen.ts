// `npm run gen`: writes every generated file. They are committed, and gen.test.ts fails when one is stale.
// A new kind of generated file is one more line in `generators`.

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { openApiDocument } from "./openapi.ts";
import { root } from "./repository.ts";
import { schemaSql } from "./schema-sql.ts";
import { standingDocument } from "./standing-document.ts";
import { runTool } from "./tool.ts";

interface Generator {
  /** Path from the root. */
  readonly file: string;
  /** The whole text that the file should have. Parts that are written by hand are read from the file first. */
  readonly write: () => Promise<string>;
}

export const generators: readonly Generator[] = [
  { file: "docs/standing.md", write: standingDocument },
  { file: "apps/server/schema.sql", write: schemaSql },
  { file: "packages/api/openapi.json", write: openApiDocument },
];

async function generate(): Promise<void> {
  for (const { file, write } of generators) {
    const path = join(root, file);
    const before = await readFile(path, "utf8").catch(() => "");
    const text = await write();
    if (text === before) continue;
    await writeFile(path, text);
    process.stdout.write(`wrote ${file}\n`);
  }
  // The golden tables are snapshots of tests, and are written by those.
  const tables = [
    "run",
    "packages",
    "--update",
    "--testNamePattern",
    "[.]table[.]txt says",
    "--reporter",
    "dot",
  ];
  const { exitCode, output } = await runTool("vitest", tables);
  if (exitCode !== 0) process.stdout.write(output);
  process.exitCode = exitCode;
}

if (import.meta.main) await generate();
