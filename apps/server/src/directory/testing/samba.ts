// A real Active Directory domain controller on this machine: Samba's. Its ports are fixed, so that there is one at a time,
// and only root may open them.

import { execFile } from "node:child_process";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { Attribute, Change, Client } from "ldapts";

import { makeAuthority, type Issued } from "./certificates.ts";
import { startAnswering } from "./started.ts";

const run = promisify(execFile);

const domain = "DC=corp,DC=example,DC=test";
const realm = "CORP.EXAMPLE.TEST";
const password = "An administrator's own 26";

export interface ActiveDirectory {
  /** As PEM: what its certificate is checked by. */
  readonly certificates: string;
  readonly reader: { readonly bindName: string; readonly password: string };
  readonly admin: Client;
  addUnit(name: string, parent?: string): Promise<string>;
  /** Enabled at once. What is null is left out. */
  addUser(number: number, parent: string, more?: Readonly<Record<string, string | null>>): Promise<string>;
  replace(dn: string, attribute: string, values: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

const normal = "512";
const disabled = "514";

/** What the provisioned configuration says, cut to what one process in a folder needs. */
function configurationOf(folder: string, { key, certificate }: Issued, authority: string): string {
  return `[global]
netbios name = DC1
realm = ${realm}
workgroup = CORP
server role = active directory domain controller
server services = ldap
interfaces = lo
bind interfaces only = yes
ldap server require strong auth = no
tls keyfile = ${key}
tls certfile = ${certificate}
tls cafile = ${authority}
private dir = ${folder}/dc/private
state directory = ${folder}/dc/state
cache directory = ${folder}/dc/cache
lock directory = ${folder}/dc
pid directory = ${folder}/run
ncalrpc dir = ${folder}/run/ncalrpc
winbindd socket directory = ${folder}/run/winbindd
ntp signd socket directory = ${folder}/run/ntp
log file = ${folder}/run/log.samba
`;
}

async function provision(folder: string): Promise<void> {
  await mkdir(join(folder, "dc"), { recursive: true });
  await mkdir(join(folder, "run"), { recursive: true });
  await run("samba-tool", [
    ...["domain", "provision", `--realm=${realm}`, "--domain=CORP", "--server-role=dc", "--dns-backend=NONE"],
    ...[`--adminpass=${password}`, `--targetdir=${folder}/dc`, "--host-name=dc1", "--host-ip=127.0.0.1"],
    ...["--option=interfaces=lo", "--option=bind interfaces only=yes", "--function-level=2008_R2"],
  ]);
}

/** In a folder of its own. @throws Error with what it said, when it does not start. */
export async function startActiveDirectory(folder: string): Promise<ActiveDirectory> {
  await provision(folder);
  const authority = await makeAuthority(join(folder, "tls"));
  const issued = await authority.issue();
  // Samba takes no key that others may read.
  await chmod(issued.key, 0o600);
  await writeFile(join(folder, "smb.conf"), configurationOf(folder, issued, authority.file));
  const parameters = ["--foreground", "--no-process-group", "--model=single", "--debuglevel=1"];
  const url = "ldap://127.0.0.1:389";
  const server = await startAnswering("samba", [...parameters, "-s", join(folder, "smb.conf")], url);
  const reader = { bindName: `CN=Administrator,CN=Users,${domain}`, password };
  const admin = new Client({ url });
  await admin.bind(reader.bindName, reader.password);
  return {
    certificates: authority.certificate,
    reader,
    admin,
    ...adding(admin),
    stop: async () => {
      await admin.unbind().catch(() => undefined);
      await server.stop();
    },
  };
}

function adding(admin: Client): Pick<ActiveDirectory, "addUnit" | "addUser" | "replace"> {
  return {
    addUnit: async (name, parent = domain) => {
      const dn = `OU=${name},${parent}`;
      await admin.add(dn, { objectClass: "organizationalUnit", ou: name });
      return dn;
    },
    addUser: async (number, parent, more = {}) => {
      const dn = `CN=Person ${number},${parent}`;
      const attributes: Readonly<Record<string, string | null>> = {
        objectClass: "user",
        sAMAccountName: `person-${number}-${parent.length}`,
        userPrincipalName: `person-${number}@corp.example.test`,
        displayName: `Person ${number}`,
        mail: `person-${number}@corp.example.test`,
        // 32: an account that needs no password, so that it can be enabled without one.
        userAccountControl: String(Number(normal) + 32),
        ...more,
      };
      const there = Object.entries(attributes).filter((pair): pair is [string, string] => pair[1] !== null);
      await admin.add(dn, Object.fromEntries(there));
      return dn;
    },
    replace: async (dn, attribute, values) => {
      const modification = new Attribute({ type: attribute, values: [...values] });
      await admin.modify(dn, new Change({ operation: "replace", modification }));
    },
  };
}

export const accountControl = {
  enabled: String(Number(normal) + 32),
  disabled: String(Number(disabled) + 32),
};
