// `npm run faults`: plants faults in a copy of the sources, one at a time, and sees to it that a test notices each.
// Run by `npm test`: a guard whose removal nobody notices is decoration.

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { root } from "./repository.ts";
import { run, toolPath } from "./tool.ts";

interface Fault {
  readonly says: string;
  readonly file: string;
  readonly find: string;
  readonly put: string;
  /** What of the tests is run. */
  readonly tests: string;
}

const standing = "apps/server/src/standing";
const facts = "apps/server/src/facts";

const faults: readonly Fault[] = [
  {
    says: "red no longer wins over orange",
    file: "packages/core/src/encryption.ts",
    find: 'status: "update-required",\n    speaks: ({ teamContent }) => teamContent === "differs",',
    put: 'status: "update-required",\n    speaks: ({ teamContent, outstanding }) => teamContent === "differs" && !outstanding,',
    tests: "packages/core",
  },
  {
    says: "an orphan wins over nobody's licence",
    file: "packages/core/src/encryption.ts",
    find: 'directory === "missing" && licence !== "none"',
    put: 'directory === "missing"',
    tests: "packages/core",
  },
  {
    says: "blocked no longer wins over disabled",
    file: "packages/core/src/account.ts",
    find: "speaks: ({ blocked }) => blocked,",
    put: "speaks: ({ blocked, disabled }) => blocked && !disabled,",
    tests: "packages/core",
  },
  {
    says: "a licence ends a day early",
    file: "packages/core/src/posture.ts",
    find: "licenceUntil < today",
    put: "licenceUntil <= today",
    tests: "packages/core",
  },
  {
    says: "the older of two Key-Files counts",
    file: "packages/core/src/posture.ts",
    find: "update.keyFile.version > newest.version",
    put: "update.keyFile.version < newest.version",
    tests: "packages/core",
  },
  {
    says: "the higher level of a policy decides",
    file: "packages/core/src/policy.ts",
    find: "if (value !== undefined) effective",
    put: "if (value !== undefined && effective.origin === null) effective",
    tests: "packages/core",
  },
  {
    says: "a manager may block himself",
    file: "packages/core/src/permissions.ts",
    find: '"block-account": { grants: accountAdministrators, guards: ["not-self", "not-last-administrator"] }',
    put: '"block-account": { grants: accountAdministrators, guards: ["not-last-administrator"] }',
    tests: "packages/core",
  },
  {
    says: "a licence ends a day early in SQL",
    file: `${standing}/store.ts`,
    find: ": sql`${until} < ${today}::date`",
    put: ": sql`${until} <= ${today}::date`",
    tests: standing,
  },
  {
    says: "a list takes a licence for expired a day early",
    file: `${standing}/store.ts`,
    find: "coalesce(l.valid_until < ${today}::date, false)",
    put: "coalesce(l.valid_until <= ${today}::date, false)",
    tests: standing,
  },
  {
    says: "a search forgets the filter",
    file: `${standing}/store.ts`,
    find: "and not (u.posture_id not in (select id from matching))\n    order by u.sort_name, u.id limit ${limit}`;\n  const users",
    put: "\n    order by u.sort_name, u.id limit ${limit}`;\n  const users",
    tests: standing,
  },
  {
    says: "taking a seat forgets the refresh",
    file: "apps/server/src/licences/store.ts",
    find: 'from unnest(${array(users, "uuid")}) as u (id)`);\n  change.touchUsers(users);',
    put: 'from unnest(${array(users, "uuid")}) as u (id)`);',
    tests: facts,
  },
  {
    says: "ending an activation forgets the refresh",
    file: "apps/server/src/activations/store.ts",
    find: "and id = ${activationId} and ended_at is null`);\n  change.touchUsers([userId]);",
    put: "and id = ${activationId} and ended_at is null`);",
    tests: facts,
  },
  {
    says: "the refresh does not lock the users first",
    file: `${facts}/change.ts`,
    find: "await lockUsers(transaction, organisationId, users);",
    put: "void lockUsers;",
    tests: facts,
  },
  {
    says: "changes of contents do not take turns",
    file: `${facts}/change.ts`,
    find: "lockedOrganisation: organisationId,",
    put: "",
    tests: facts,
  },
  {
    says: "the refresh counts a posture up and none down",
    file: `${facts}/store.ts`,
    find: "select former as posture_id, -1 as delta from changed where former is not null",
    put: "select former as posture_id, 0 as delta from changed where former is not null",
    tests: facts,
  },
  {
    says: "sealers do not take turns",
    file: "apps/server/src/audit/seals.ts",
    find: "await lockSeals(transaction, organisationId);",
    put: "void lockSeals;",
    tests: "apps/server/src/audit",
  },
  {
    says: "a team is saved over somebody else's change",
    file: "apps/server/src/teams/commands.ts",
    find: 'if (team.revision !== revision) throw new Refusal("revision_changed");',
    put: "",
    tests: "apps/server/src/http",
  },
  {
    says: "a page of another origin may call",
    file: "apps/server/src/http/app.ts",
    find: "(origin === undefined || origin === `http://${host}`) &&",
    put: "",
    tests: "apps/server/src/http",
  },
  {
    says: "any name that points at this machine may call",
    file: "apps/server/src/http/app.ts",
    find: "loopback.test(host) &&",
    put: "",
    tests: "apps/server/src/http",
  },
];

/** A copy of the sources that shares what is installed. */
function copyTree(): string {
  const copy = mkdtempSync(join(tmpdir(), "lockstep-faults-"));
  const skipped = new Set(["node_modules", ".git", "data", "dist", "coverage", ".tmp"]);
  for (const name of readdirSync(root)) {
    if (skipped.has(name)) continue;
    cpSync(join(root, name), join(copy, name), {
      recursive: true,
      filter: (source) => !skipped.has(source.split(/[\\/]/).at(-1) ?? ""),
    });
  }
  // The workspaces' links must lead into the copy; everything else is read only.
  symlinkModules(copy);
  return copy;
}

function symlinkModules(copy: string): void {
  const modules = join(copy, "node_modules");
  cpSync(join(root, "node_modules", "@lockstep"), join(modules, "@lockstep"), {
    recursive: true,
    verbatimSymlinks: true,
  });
  for (const name of readdirSync(join(root, "node_modules"))) {
    if (name !== "@lockstep") symlinkSync(join(root, "node_modules", name), join(modules, name));
  }
}

async function isGreen(copy: string, tests: string): Promise<boolean> {
  const parameters = [toolPath("vitest"), "run", tests, "--bail", "1", "--root", copy];
  return (await run(process.execPath, parameters)).exitCode === 0;
}

/** @returns whether a test noticed. */
async function isNoticed(copy: string, { file, find, put, tests }: Fault): Promise<boolean> {
  const path = join(copy, file);
  const sound = readFileSync(path, "utf8");
  if (!sound.includes(find))
    throw new Error(`${file} no longer has the text that a fault replaces:\n${find}`);
  writeFileSync(
    path,
    sound.replace(find, () => put),
  );
  try {
    return !(await isGreen(copy, tests));
  } finally {
    writeFileSync(path, sound);
  }
}

export async function plantFaults(): Promise<{ noticed: number; unnoticed: string[] }> {
  const copy = copyTree();
  const unnoticed: string[] = [];
  try {
    for (const tests of new Set(faults.map((fault) => fault.tests))) {
      if (!(await isGreen(copy, tests))) throw new Error(`${tests} fails without any fault`);
    }
    for (const fault of faults) {
      const start = performance.now();
      const noticed = await isNoticed(copy, fault);
      if (!noticed) unnoticed.push(fault.says);
      const seconds = ((performance.now() - start) / 1000).toFixed(1);
      process.stdout.write(
        `${noticed ? "noticed  " : "UNNOTICED"}  ${seconds.padStart(5)} s  ${fault.says}\n`,
      );
    }
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
  return { noticed: faults.length - unnoticed.length, unnoticed };
}

if (import.meta.main) {
  const { unnoticed } = await plantFaults();
  process.exitCode = unnoticed.length === 0 ? 0 : 1;
}
