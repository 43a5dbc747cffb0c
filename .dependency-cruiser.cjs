// Who may import whom. Each rule's comment is the sentence that a reviewer would write;
// scripts/import-rules.test.ts plants a violation of each and sees it caught.

const test = ["[.]test[.]tsx?$", "(^|/)testing[.]tsx?$", "(^|/)testing/", "^e2e/"];
const server = "^apps/server/src/";
const store = [
  `${server}([^/]+)/store[.]ts$`,
  `${server}([^/]+)/[^/]+/store[.]ts$`,
  `${server}([^/]+)/store/`,
];
const commands = [`${server}[^/]+/commands[.]ts$`, `${server}[^/]+/commands/`];
const routes = `${server}([^/]+)/routes[.]ts$`;
const framework = "(^|/)node_modules/(fastify|@fastify)/";
const driver = "(^|/)node_modules/(pg|pg-[^/]+|kysely)/";
const bin = "(utils?|helpers?|common|shared|lib|services?|managers?|misc|types|constants)";

/** Which packages of ours a program or package may use. What is not listed here has a rule of its own. */
const picture = {
  "apps/server": ["core", "api", "keyfile"],
  "apps/console": ["core", "api"],
  "apps/cli": ["core", "api"],
  "apps/client": ["core", "workstation"],
  "apps/simulator": ["workstation"],
  "packages/keyfile": [],
  "packages/workstation": ["core", "keyfile", "api"],
};

const budgets = Object.entries(picture).map(([folder, packages]) => {
  const name = folder.split("/")[1];
  return {
    name: `${name}-keeps-to-the-picture`,
    severity: "error",
    comment: `Of our packages ${folder} needs ${packages.join(", ") || "none"}; a new arrow is a decision, and ARCHITECTURE.md shows it.`,
    from: { path: `^${folder}/`, pathNot: test },
    to: { path: "^packages/", pathNot: [`^${folder}/`, ...packages.map((used) => `^packages/${used}/`)] },
  };
});

function frontDoor(from, doors) {
  return {
    name: "use-the-front-door",
    severity: "error",
    comment:
      "A package is entered through index.ts (tests may also take its examples.ts and testing/), so that the rest of it can change.",
    from,
    to: { path: "^packages/[^/]+/", pathNot: doors },
  };
}
const index = "^packages/[^/]+/src/index[.]ts$";
const examples = "^packages/[^/]+/src/examples[.]ts$";
const testing = ["^packages/[^/]+/src/testing/", "^packages/[^/]+/src/[^/]+/testing/"];
/** Runs the tests' own model for longer than they do. */
const fuzz = "^scripts/fuzz[.]ts$";

module.exports = {
  forbidden: [
    {
      name: "core-is-pure",
      severity: "error",
      comment:
        "The same facts must give the same status on server, console and workstation, so the core reads no clock, disk, network or package.",
      from: { path: "^packages/core/src/", pathNot: test },
      to: { pathNot: "^packages/core/src/" },
    },
    {
      name: "api-is-a-contract",
      severity: "error",
      comment:
        "Browser, command line and server read the same contract, so it holds shapes and words only: zod and core.",
      from: { path: "^packages/api/src/", pathNot: test },
      to: { pathNot: ["^packages/(api|core)/src/", "(^|/)node_modules/zod/"] },
    },
    {
      name: "keyfile-is-only-cryptography",
      severity: "error",
      comment:
        "What a workstation accepts must not depend on a clock, a disk or a network: shapes and node:crypto only.",
      from: { path: "^packages/keyfile/src/", pathNot: test },
      to: {
        pathNot: ["^packages/keyfile/src/", "(^|/)node_modules/zod/", "^(node:)?crypto$"],
      },
    },
    frontDoor({ pathNot: ["^packages/", fuzz, ...test] }, [index]),
    frontDoor({ path: [fuzz, ...test], pathNot: "^packages/" }, [index, examples, ...testing]),
    frontDoor({ path: "^packages/([^/]+)/", pathNot: test }, ["^packages/$1/", index]),
    frontDoor({ path: "^packages/([^/]+)/.*[.]test[.]ts$" }, ["^packages/$1/", index, examples]),
    {
      name: "apps-are-islands",
      severity: "error",
      comment: "Apps meet on the wire: two programs that share a file must be released together.",
      from: { path: "^apps/([^/]+)/", pathNot: test },
      to: { path: "^apps/", pathNot: "^apps/$1/" },
    },
    {
      name: "apps-are-islands",
      severity: "error",
      comment: "A test may start the real server that its program talks to, and take nothing else of it.",
      from: { path: "^apps/([^/]+)/.*([.]test[.]tsx?$|/testing/)" },
      to: {
        path: "^apps/",
        pathNot: ["^apps/$1/", "^apps/server/src/testing[.]ts$", "^apps/relay/src/testing/relay[.]ts$"],
      },
    },
    {
      name: "relay-knows-only-the-wire",
      severity: "error",
      comment: "The relay is not trusted: it can open nothing, judge nothing and look nothing up.",
      from: { path: "^apps/relay/src/", pathNot: test },
      to: { path: ["^packages/", driver, "(^|/)node_modules/age-encryption/"], pathNot: "^packages/api/" },
    },
    {
      name: "only-one-file-knows-the-postman",
      severity: "error",
      comment:
        "What leaves by mail leaves by one door, which checks certificates and keeps passwords to itself.",
      from: { pathNot: `${server}mails/smtp[.]ts$` },
      to: { path: "(^|/)node_modules/(@types/)?nodemailer/" },
    },
    {
      name: "only-db-knows-pg",
      severity: "error",
      comment:
        "There is one door to PostgreSQL, so that transactions, retries and the refresh of postures cannot be gone around.",
      from: { pathNot: `${server}db/` },
      to: { path: driver },
    },
    {
      name: "only-http-knows-the-framework",
      severity: "error",
      comment: "The web framework can be replaced in one folder.",
      from: { pathNot: [`${server}http/`, "^apps/relay/src/http/"] },
      to: { path: framework },
    },
    {
      name: "stores-know-only-the-database",
      severity: "error",
      comment:
        "A store turns rows into domain values and decides nothing, so it knows its noun, the database and our vocabulary.",
      from: { path: store, pathNot: test },
      to: {
        path: [`${server}[^/]+/`, `${server}(main|config)[.]ts$`],
        // The name of a content is a value of ours, worked out from the content alone.
        pathNot: [`${server}$1/`, `${server}db/`, `${server}facts/identity[.]ts$`],
      },
    },
    {
      name: "stores-know-only-the-database",
      severity: "error",
      comment: "A store is called by commands and routes and never calls them.",
      from: { path: store, pathNot: test },
      to: { path: [...commands, routes] },
    },
    {
      name: "commands-know-no-http",
      severity: "error",
      comment: "REST, SCIM and jobs call the same commands, so a command knows no request and no reply.",
      from: { path: commands, pathNot: test },
      to: { path: [`${server}http/`, routes] },
    },
    {
      name: "routes-stay-in-their-noun",
      severity: "error",
      comment: "A route that needs two nouns needs a command.",
      from: { path: routes },
      to: {
        path: `${server}[^/]+/`,
        pathNot: [`${server}$1/`, `${server}(http|db)/`],
        // The name of a shape is not another noun's work.
        dependencyTypesNot: ["type-only"],
      },
    },
    {
      name: "routes-are-wired-in-main",
      severity: "error",
      comment: "One list in the composition root shows all that is served.",
      from: { pathNot: [`${server}(main|server)[.]ts$`, ...test] },
      to: { path: routes },
    },
    {
      name: "standing-only-reads",
      severity: "error",
      comment: "Standing gathers facts in one snapshot and asks the core; what changes facts is a command.",
      from: { path: `${server}standing/`, pathNot: test },
      to: { path: commands, pathNot: `${server}standing/` },
    },
    ...budgets,
    {
      name: "no-test-code-in-production",
      severity: "error",
      comment: "What ships must not hold fakes, fixtures or measurements.",
      from: { path: "^(apps|packages)/", pathNot: test },
      to: { path: [...test, "^bench/"] },
    },
    {
      name: "no-cycles",
      severity: "error",
      comment: "Two files that need each other are one file, or a third is missing.",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-orphans",
      severity: "error",
      comment: "Nobody imports this file and it imports nobody: delete it, or wire it up.",
      from: {
        orphan: true,
        pathNot: [
          "[.]d[.]ts$",
          "[.]config[.][jt]s$",
          "(^|/)main[.]tsx?$",
          "^(scripts|bench)/[^/]+$",
          ...test,
        ],
      },
      to: {},
    },
    {
      name: "no-bins",
      severity: "error",
      comment:
        "A function goes to the file whose noun it is about; a file that is called after nothing collects everything.",
      from: {},
      to: { path: `(^|/)${bin}(/|[.][jt]sx?$)`, pathNot: "(^|/)node_modules/" },
    },
    {
      name: "declare-your-packages",
      severity: "error",
      comment:
        "A package that is imported and not declared here is there by luck, and is missing when this program ships alone.",
      from: {},
      to: { dependencyTypes: ["npm-no-pkg", "npm-unknown"] },
    },
    {
      name: "dev-tools-stay-at-home",
      severity: "error",
      comment: "What ships is installed without the root's devDependencies.",
      from: { path: "^(apps|packages)/", pathNot: test },
      to: { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["npm", "npm-optional"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)dist/" },
    // A type that crosses a border is a dependency too.
    tsPreCompilationDeps: true,
    // Tests use the tools that the root declares.
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
