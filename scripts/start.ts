// `npm start`: builds the console if its sources have changed since the last time, then runs relay and server, and beside
// the example the workstations that are simulated in it.

import { createHash } from "node:crypto";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, join, resolve } from "node:path";

import { startRelayBeside } from "./relay.ts";
import { root } from "./repository.ts";
import { runTool } from "./tool.ts";

const home = join(root, "apps", "console");
const built = join(home, "dist");
const stamp = join(built, ".sources");

/** Everything that the build reads, as one digest. */
function sourcesDigest(): string {
  const digest = createHash("sha256");
  const folders = [home, join(root, "packages", "core"), join(root, "packages", "api")];
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((file) => !/^(dist|node_modules)\b/.test(file) && !/\.(test|table)\./.test(file))
      .map((file) => join(folder, file))
      .filter((file) => statSync(file).isFile()),
  );
  for (const file of [...files.sort(), join(root, "package-lock.json")]) digest.update(readFileSync(file));
  return digest.digest("hex");
}

function readStamp(): string | null {
  try {
    return readFileSync(stamp, "utf8");
  } catch {
    return null;
  }
}

/**
 * Builds the console unless it is built from these very sources. It is built elsewhere, and whole when it takes the place of the
 * former one: several may ask for it at the same time.
 * @returns where it is.
 */
export async function ensureConsole(): Promise<string> {
  const digest = sourcesDigest();
  if (readStamp() === digest) return built;
  process.stderr.write("building the console …\n");
  const making = mkdtempSync(join(root, "node_modules", ".console-"));
  try {
    const fresh = join(making, "fresh");
    const { exitCode, output } = await runTool("vite", [
      "build",
      home,
      "--outDir",
      fresh,
      "--logLevel",
      "warn",
    ]);
    if (exitCode !== 0) throw new Error(`the console could not be built:\n${output}`);
    writeFileSync(join(fresh, basename(stamp)), digest);
    // Somebody else may have built it meanwhile.
    if (readStamp() === digest) return built;
    if (existsSync(built)) renameSync(built, join(making, "former"));
    renameSync(fresh, built);
  } finally {
    rmSync(making, { recursive: true, force: true });
  }
  return built;
}

/** Brings the example to life behind the back of whoever looks at it already. */
async function enliven(origin: string, folder: string): Promise<void> {
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => stopping.abort());
  try {
    const { startSimulatorBeside } = await import("./simulator.ts");
    await (
      await startSimulatorBeside(origin, join(folder, "example-simulator"))
    ).told;
  } catch (error) {
    if (stopping.signal.aborted) return;
    const why = error instanceof Error ? error.message : String(error);
    process.stderr.write(`not all simulated workstations are there, the next start tries again: ${why}\n`);
  }
}

if (import.meta.main) {
  await ensureConsole();
  const folder = resolve(process.env["LOCKSTEP_DATA"] ?? "data");
  const isExample = process.argv.includes("--example");
  if (process.env["LOCKSTEP_RELAY"] === undefined) {
    const { origin, tokenFile } = await startRelayBeside(folder, isExample);
    process.env["LOCKSTEP_RELAY"] = origin;
    process.env["LOCKSTEP_RELAY_TOKEN_FILE"] = tokenFile;
  }
  const { running } = await import("../apps/server/src/main.ts");
  if (isExample) await enliven(running.origin, folder);
}
