// What the tests need that npm does not carry: a browser, the oldest PostgreSQL that the product runs on, age, and two
// directories: OpenLDAP and Samba's Active Directory domain controller.

import { existsSync, globSync } from "node:fs";
import { delimiter, join } from "node:path";

import { run } from "./tool.ts";

interface DebianPackage {
  readonly name: string;
  readonly isInstalled: () => boolean;
}

function isOnPath(program: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));
}

/** Where Debian puts libraries depends on the machine's architecture. */
function isThere(pattern: string): boolean {
  return globSync(pattern).length > 0;
}

const needed: readonly DebianPackage[] = [
  { name: "chromium", isInstalled: () => isOnPath("chromium") },
  { name: "age", isInstalled: () => isOnPath("age") },
  { name: "openssl", isInstalled: () => isOnPath("openssl") },
  { name: "slapd", isInstalled: () => existsSync("/usr/sbin/slapd") },
  { name: "ldap-utils", isInstalled: () => isOnPath("ldapsearch") },
  { name: "samba", isInstalled: () => existsSync("/usr/sbin/samba") },
  { name: "samba-ad-provision", isInstalled: () => existsSync("/usr/share/samba/setup/provision.ldif") },
  { name: "samba-dsdb-modules", isInstalled: () => isThere("/usr/lib/*/samba/ldb/samba_dsdb.so") },
  { name: "samba-vfs-modules", isInstalled: () => isThere("/usr/lib/*/samba/vfs/acl_xattr.so") },
  {
    name: "postgresql-15",
    isInstalled: () =>
      existsSync(join(process.env["LOCKSTEP_TEST_POSTGRES"] ?? "/usr/lib/postgresql/15", "bin/postgres")),
  },
];

const environment = {
  DEBIAN_FRONTEND: "noninteractive",
  // The package starts a server of its own where there is an init to start it. Nothing is started for a machine
  // in runlevel 1, and most images for CI start nothing anyway. The tests use the programs and not that server.
  RUNLEVEL: "1",
};

async function aptGet(...parameters: string[]): Promise<boolean> {
  const { exitCode } = await run("apt-get", parameters, { isLoud: true, environment });
  return exitCode === 0;
}

/** @returns null when everything is there, else the sentence that says what to install. */
export async function ensureDebianPackages(): Promise<string | null> {
  const missing = needed.filter(({ isInstalled }) => !isInstalled()).map(({ name }) => name);
  if (missing.length === 0) return null;
  const names = missing.join(" ");
  const command = `apt-get install --no-install-recommends ${names}`;
  if (!isOnPath("apt-get"))
    return `the tests need ${names}, and this system has no apt-get; install them, then try again`;
  if (process.getuid?.() !== 0) return `the tests need ${names}; as root run: ${command}`;
  process.stdout.write(`installing ${names} …\n`);
  const isDone =
    (await aptGet("update", "-qq")) &&
    (await aptGet("install", "-qq", "--yes", "--no-install-recommends", ...missing));
  return isDone ? null : `could not install ${names}; run by hand: ${command}`;
}
