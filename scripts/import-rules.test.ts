// The import rules have power: a small tree of files that keeps them all, and for each rule a file that breaks it.
// The planted files are in a folder of their own; the real tree is never touched.

import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { cruise, type ICruiseResult } from "dependency-cruiser";
import extractConfig from "dependency-cruiser/config-utl/extract-depcruise-config";
import extractOptions from "dependency-cruiser/config-utl/extract-depcruise-options";
import { afterAll, expect, test } from "vitest";

const configuration = createRequire(import.meta.url).resolve("../.dependency-cruiser.cjs");
const { forbidden = [] } = await extractConfig(configuration);

/** What is installed, and who declares it. */
const declared: Record<string, string[]> = {
  ".": ["vitest", "jose", "zod"],
  "packages/core": [],
  "packages/api": ["zod"],
  "packages/keyfile": [],
  "packages/workstation": [],
  "apps/server": ["pg", "kysely", "fastify", "@fastify/static", "nodemailer"],
  "apps/console": ["react"],
  "apps/client": [],
  "apps/simulator": [],
  "apps/relay": ["age-encryption", "fastify"],
};

/** Every file keeps every rule; each has a neighbour, so that none is an orphan. */
const lawful: Record<string, string> = {
  "packages/core/src/index.ts": `export * from "./facts.ts";`,
  "packages/core/src/facts.ts": `export const facts = 1;`,
  "packages/core/src/examples.ts": `import "./facts.ts";`,
  "packages/core/src/facts.test.ts": `import "vitest"; import "node:fs"; import "./examples.ts";`,
  "packages/api/src/index.ts": `import "zod"; import "@lockstep/core";`,
  "packages/keyfile/src/index.ts": `import "node:crypto";`,
  "packages/workstation/src/index.ts": `import "@lockstep/core"; import "@lockstep/keyfile"; import "@lockstep/api";`,
  "apps/server/src/main.ts": `import "./users/routes.ts"; import "./http/app.ts"; import "./standing/gather.ts";`,
  "apps/server/src/clock.ts": `export const clock = 1;`,
  "apps/server/src/http/app.ts": `import "fastify"; import "@fastify/static";`,
  "apps/server/src/db/database.ts": `import "pg"; import "kysely";`,
  "apps/server/src/facts/identity.ts": `import "@lockstep/core";`,
  "apps/server/src/users/routes.ts": `import "./commands.ts"; import "../http/app.ts"; import type { Team } from "../teams/store.ts";`,
  "apps/server/src/users/commands.ts": `import "./store.ts"; import "../teams/store.ts"; import "../clock.ts";`,
  "apps/server/src/users/store.ts": `import "../db/database.ts"; import "../facts/identity.ts"; import "@lockstep/core";`,
  "apps/server/src/teams/store.ts": `import "../db/database.ts"; import "../clock.ts";`,
  "apps/server/src/standing/gather.ts": `import "../users/store.ts"; import "@lockstep/core";`,
  "apps/server/src/users/users.test.ts": `import "./routes.ts"; import "./testing.ts";`,
  "apps/server/src/users/testing.ts": `import "./store.ts"; import "../../../../packages/core/src/examples.ts";`,
  "apps/console/src/main.tsx": `import "react"; import "@lockstep/api"; import "@lockstep/core";`,
  "apps/client/src/main.ts": `import "@lockstep/core"; import "@lockstep/workstation";`,
  "apps/simulator/src/main.ts": `import "@lockstep/workstation";`,
  "apps/relay/src/main.ts": `import "@lockstep/api"; import "node:http"; import "./http/app.ts";`,
  "apps/relay/src/http/app.ts": `import "fastify";`,
  "bench/main.ts": `import "../apps/server/src/db/database.ts";`,
  "e2e/journey.test.ts": `import "../apps/server/src/main.ts"; import "../apps/console/src/main.tsx";`,
  "scripts/gen.ts": `import "../packages/core/src/index.ts"; import "../apps/server/src/db/database.ts";`,
};

/** A rule, a file that breaks it, and what that file needs to find. A name that occurs twice says two things. */
const plants: readonly [rule: string, file: string, source: string, others?: Record<string, string>][] = [
  ["core-is-pure", "packages/core/src/plant.ts", `import "node:fs"; import "./facts.ts";`],
  ["core-is-pure", "packages/core/src/plant.ts", `import "zod";`],
  ["api-is-a-contract", "packages/api/src/plant.ts", `import "node:http";`],
  ["api-is-a-contract", "packages/api/src/plant.ts", `import "@lockstep/keyfile";`],
  ["use-the-front-door", "apps/server/src/plant.ts", `import "../../../packages/core/src/facts.ts";`],
  ["use-the-front-door", "apps/server/src/plant.ts", `import "../../../packages/core/src/examples.ts";`],
  ["use-the-front-door", "apps/server/src/plant.test.ts", `import "../../../packages/core/src/facts.ts";`],
  ["use-the-front-door", "packages/api/src/plant.ts", `import "../../core/src/facts.ts";`],
  ["use-the-front-door", "packages/api/src/plant.test.ts", `import "../../core/src/facts.ts";`],
  ["apps-are-islands", "apps/console/src/plant.ts", `import "../../server/src/clock.ts";`],
  ["apps-are-islands", "apps/cli/src/plant.test.ts", `import "../../server/src/clock.ts";`],
  ["relay-knows-only-the-wire", "apps/relay/src/plant.ts", `import "@lockstep/core";`],
  ["relay-knows-only-the-wire", "apps/relay/src/plant.ts", `import "age-encryption";`],
  ["only-db-knows-pg", "apps/server/src/users/plant.ts", `import type { Pool } from "pg";`],
  ["only-db-knows-pg", "apps/server/src/users/store.ts", `import { sql } from "kysely";`],
  ["only-db-knows-pg", "bench/plant.ts", `import "pg";`],
  ["only-one-file-knows-the-postman", "apps/server/src/users/plant.ts", `import "nodemailer";`],
  ["only-http-knows-the-framework", "apps/server/src/users/routes.ts", `import "fastify";`],
  ["only-http-knows-the-framework", "apps/server/src/plant.ts", `import "@fastify/static";`],
  ["only-http-knows-the-framework", "apps/relay/src/plant.ts", `import "fastify";`],
  ["stores-know-only-the-database", "apps/server/src/users/store.ts", `import "../teams/store.ts";`],
  ["stores-know-only-the-database", "apps/server/src/teams/store.ts", `import "../http/app.ts";`],
  ["stores-know-only-the-database", "apps/server/src/teams/store.ts", `import "../users/commands.ts";`],
  ["stores-know-only-the-database", "apps/server/src/users/raw/store.ts", `import "../../teams/store.ts";`],
  ["stores-know-only-the-database", "apps/server/src/users/store/list.ts", `import "../../teams/store.ts";`],
  [
    "stores-know-only-the-database",
    "apps/server/src/teams/store.ts",
    `import "./commands.ts";`,
    { "apps/server/src/teams/commands.ts": `export const disband = 1;` },
  ],
  ["commands-know-no-http", "apps/server/src/users/commands.ts", `import "../http/app.ts";`],
  ["commands-know-no-http", "apps/server/src/users/commands/suspend.ts", `import "../../http/app.ts";`],
  ["routes-stay-in-their-noun", "apps/server/src/users/routes.ts", `import "../teams/store.ts";`],
  ["routes-are-wired-in-main", "apps/server/src/http/app.ts", `import "../users/routes.ts";`],
  ["standing-only-reads", "apps/server/src/standing/gather.ts", `import "../users/commands.ts";`],
  ["server-keeps-to-the-picture", "apps/server/src/plant.ts", `import "@lockstep/workstation";`],
  ["console-keeps-to-the-picture", "apps/console/src/plant.ts", `import "@lockstep/keyfile";`],
  ["cli-keeps-to-the-picture", "apps/cli/src/plant.ts", `import "@lockstep/keyfile";`],
  ["client-keeps-to-the-picture", "apps/client/src/plant.ts", `import "@lockstep/keyfile";`],
  ["simulator-keeps-to-the-picture", "apps/simulator/src/plant.ts", `import "@lockstep/core";`],
  ["keyfile-is-only-cryptography", "packages/keyfile/src/plant.ts", `import "node:fs";`],
  ["keyfile-keeps-to-the-picture", "packages/keyfile/src/plant.ts", `import "@lockstep/core";`],
  [
    "workstation-keeps-to-the-picture",
    "packages/workstation/src/plant.ts",
    `import "../../parcel/src/index.ts";`,
    { "packages/parcel/src/index.ts": `export const parcel = 1;` },
  ],
  ["no-test-code-in-production", "apps/server/src/plant.ts", `import "./users/testing.ts";`],
  ["no-test-code-in-production", "packages/api/src/plant.ts", `import "../../../bench/main.ts";`],
  [
    "no-cycles",
    "apps/server/src/teams/store.ts",
    `import "./plant.ts";`,
    { "apps/server/src/teams/plant.ts": `import "./store.ts";` },
  ],
  ["no-orphans", "apps/server/src/plant.ts", `export const plant = 1;`],
  [
    "no-bins",
    "apps/server/src/plant.ts",
    `import "./users/helpers.ts";`,
    { "apps/server/src/users/helpers.ts": `export const help = 1;` },
  ],
  [
    "no-bins",
    "apps/server/src/plant.ts",
    `import "./lib/plant.ts";`,
    { "apps/server/src/lib/plant.ts": `export const plant = 1;` },
  ],
  ["declare-your-packages", "apps/server/src/plant.ts", `import "react";`],
  ["dev-tools-stay-at-home", "apps/server/src/plant.ts", `import "jose";`],
];

const skeleton = mkdtempSync(join(tmpdir(), "lockstep-imports-"));
afterAll(() => rmSync(skeleton, { recursive: true, force: true }));

function write(tree: string, file: string, text: string): void {
  mkdirSync(dirname(join(tree, file)), { recursive: true });
  writeFileSync(join(tree, file), text);
}

for (const [folder, packages] of Object.entries(declared)) {
  const name = folder === "." ? "lockstep" : `@lockstep/${folder.replace(/^.*\//, "")}`;
  const kind = folder === "." ? "devDependencies" : "dependencies";
  const versions = Object.fromEntries(packages.map((dependency) => [dependency, "1.0.0"]));
  const manifest = { name, type: "module", exports: "./src/index.ts", [kind]: versions };
  write(skeleton, join(folder, "package.json"), JSON.stringify(manifest));
  for (const dependency of packages) {
    const home = join("node_modules", dependency);
    write(skeleton, join(home, "package.json"), JSON.stringify({ name: dependency, main: "index.js" }));
    write(skeleton, join(home, "index.js"), "");
  }
}
for (const [file, source] of Object.entries(lawful)) write(skeleton, file, source);

/** A copy of the skeleton with its workspace links, so that plants cannot meet each other. */
function grow(): string {
  const tree = mkdtempSync(join(tmpdir(), "lockstep-plant-"));
  cpSync(skeleton, tree, { recursive: true });
  mkdirSync(join(tree, "node_modules/@lockstep"));
  for (const folder of Object.keys(declared).filter((name) => name.startsWith("packages/"))) {
    const link = join(tree, "node_modules/@lockstep", folder.replace("packages/", ""));
    symlinkSync(join(tree, folder), link, "junction");
  }
  return tree;
}

async function brokenRules(tree: string): Promise<string[]> {
  const options = await extractOptions(configuration);
  const { enhancedResolveOptions } = options;
  const roots = ["packages", "apps", "bench", "e2e", "scripts"];
  const { output } = await cruise(
    roots,
    { ...options, baseDir: tree, validate: true },
    enhancedResolveOptions ?? {},
  );
  const { summary } = output as ICruiseResult;
  return [...new Set(summary.violations.map(({ rule }) => rule.name))];
}

test("a tree that keeps the import rules breaks none", async () => {
  const tree = grow();
  expect(await brokenRules(tree)).toEqual([]);
  rmSync(tree, { recursive: true });
});

test.each(plants)(
  "the import rule %s catches %s when it says %s",
  async (rule, file, source, others = {}) => {
    const tree = grow();
    for (const [other, text] of Object.entries(others)) write(tree, other, text);
    write(
      tree,
      file,
      `${lawful[file] ?? ""}
${source}`,
    );
    expect(await brokenRules(tree)).toContain(rule);
    rmSync(tree, { recursive: true });
  },
);

test("every import rule has a planted violation and the sentence of a reviewer", () => {
  expect(new Set(plants.map(([rule]) => rule))).toEqual(new Set(forbidden.map(({ name }) => name)));
  for (const { comment } of forbidden) expect(comment).toMatch(/^[A-Z].{30,}\.$/);
});
