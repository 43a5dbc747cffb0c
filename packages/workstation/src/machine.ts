// What a workstation says of itself: the machine's id, which leaves it only as a keyed hash, its name and its system.
// cspell:ignore ioreg HKLM dbus

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { hostname, platform, release, type } from "node:os";
import { promisify } from "node:util";

export interface Machine {
  /** Stays the same for as long as the system is not installed anew. */
  readonly id: string;
  readonly name: string;
  readonly os: string;
  /** Name and version of this program. */
  readonly client: string;
}

async function textOf(path: string): Promise<string> {
  return (await readFile(path, "utf8").catch(() => "")).trim();
}

const run = promisify(execFile);

async function foundIn(program: string, parameters: readonly string[], pattern: RegExp): Promise<string> {
  const { stdout } = await run(program, [...parameters]).catch(() => ({ stdout: "" }));
  return pattern.exec(stdout)?.[1] ?? "";
}

async function idOf(system: NodeJS.Platform): Promise<string> {
  if (system === "darwin")
    return foundIn("ioreg", ["-rd1", "-c", "IOPlatformExpertDevice"], /"IOPlatformUUID" = "([^"]+)"/);
  if (system === "win32") {
    const key = "HKLM\\SOFTWARE\\Microsoft\\Cryptography";
    return foundIn("reg", ["query", key, "/v", "MachineGuid"], /MachineGuid\s+REG_SZ\s+(\S+)/);
  }
  // machine-id(5); without systemd the message bus has one.
  return (await textOf("/etc/machine-id")) || textOf("/var/lib/dbus/machine-id");
}

/** The machine that this runs on. Where the system names no id, the name stands in. */
export async function thisMachine(client: string): Promise<Machine> {
  const name = hostname() || "unnamed";
  const [, pretty] = /^PRETTY_NAME="?([^"\n]+)"?$/m.exec(await textOf("/etc/os-release")) ?? [];
  const id = (await idOf(platform())) || `name ${name}`;
  return { id, name, os: pretty ?? `${type()} ${release()}`, client };
}
