// The repository's own files: what is written by hand or committed, and nothing that was installed or built.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const foreign = new Set([".git", "node_modules", "dist", "data", "coverage", "screenshots"]);

/** Paths from the root with `/`, sorted. Works without git, in a copy without history too. */
export function repositoryFiles(folder = root): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !foreign.has(name) && !name.endsWith(".log"))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? repositoryFiles(path) : [relative(root, path).split(sep).join("/")];
    })
    .sort();
}

/** The text of a file, by its path from the root. */
export function textOf(file: string): string {
  return readFileSync(join(root, file), "utf8");
}
