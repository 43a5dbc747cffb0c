// Runs one of the product's programs on the pinned Node.js, installing first what is missing.
// Plain JavaScript for an old Node.js with nothing installed: this file is what makes the rest possible.
//
//   node tools/run.mjs FILE [ARGUMENTS…]

import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Erasable TypeScript runs without a flag, and Argon2 is there, from here on. */
const oldestNode = [24, 7];

function isRecent(version) {
  const [major, minor] = version.split(".").map(Number);
  return major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1]);
}

function stop(sentence, hint) {
  process.stderr.write(`error: ${sentence}\nhint: ${hint}\n`);
  process.exit(1);
}

/** `npm ci`, unless the lock file is the one that was installed last. */
function install(folder, what, environment) {
  const lock = createHash("sha256")
    .update(readFileSync(join(folder, "package-lock.json")))
    .digest("hex");
  const stamp = join(folder, "node_modules", ".installed-lock");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  process.stderr.write(`installing ${what} …\n`);
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const arguments_ = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
  const done = spawnSync(npm, arguments_, {
    cwd: folder,
    env: environment,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (done.status !== 0) {
    stop(
      `could not install ${what}`,
      "check the connection to the npm registry, then run the same command again",
    );
  }
  writeFileSync(stamp, lock);
}

function pinnedNode() {
  const folder = join(root, "tools", "node");
  install(folder, "Node.js 24", process.env);
  const names = readdirSync(join(folder, "node_modules")).filter((name) => name.startsWith("node-"));
  const executable = process.platform === "win32" ? "node.exe" : "node";
  for (const name of names) {
    const home = join(folder, "node_modules", name);
    if (existsSync(join(home, "bin", executable))) return { home, executable: join(home, "bin", executable) };
  }
  return stop(
    `no Node.js 24 is published for ${process.platform} ${process.arch}`,
    "install Node.js 24 by hand, then run the same command again",
  );
}

function runtime() {
  if (isRecent(process.versions.node)) return { executable: process.execPath, environment: process.env };
  const { home, executable } = pinnedNode();
  return {
    executable,
    environment: {
      ...process.env,
      PATH: `${dirname(executable)}${delimiter}${process.env.PATH ?? ""}`,
      // Native addons must be built against the headers of the Node.js that will load them.
      npm_config_nodedir: home,
    },
  };
}

const [file, ...parameters] = process.argv.slice(2);
if (file === undefined) stop("no file was named", "node tools/run.mjs FILE [ARGUMENTS…]");

const { executable, environment } = runtime();
install(root, "the dependencies", environment);

const child = spawn(executable, [file.endsWith(".ts") ? join(root, file) : file, ...parameters], {
  cwd: root,
  env: environment,
  stdio: "inherit",
});
// The terminal sends Ctrl-C to the whole group; a signal meant for this process alone is passed on.
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
process.on("SIGINT", () => undefined);
child.on("exit", (code, signal) => {
  process.exit(signal === null ? (code ?? 1) : 128 + constants.signals[signal]);
});
