// A real OpenLDAP server on this machine, with units and people in it.

import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

import { Attribute, Change, Client } from "ldapts";

import { makeAuthority, type Issued, type TestAuthority } from "./certificates.ts";
import { freePort, startAnswering, type Started } from "./started.ts";

const run = promisify(execFile);

const base = "dc=example,dc=test";
export const people = `ou=People,${base}`;
export const reader = { bindName: `cn=reader,${base}`, password: "a reader's own password" };

const root = `cn=admin,${base}`;
const rootPassword = "an administrator's own";

export interface OpenLdap {
  readonly authority: TestAuthority;
  /** Where StartTLS is spoken, and where TLS is from the start. */
  readonly ports: { readonly starttls: number; readonly ldaps: number };
  /** Who may change everything. */
  readonly admin: Client;
  addUnit(name: string, parent?: string): Promise<string>;
  addPerson(number: number, more?: Person): Promise<string>;
  /** Adds so many, named by their numbers, and several at a time. */
  addPeople(numbers: readonly number[], parent?: string): Promise<void>;
  replace(dn: string, attribute: string, values: readonly string[]): Promise<void>;
  /** Ends it, with a certificate or limits of another kind begins again, on the same ports. */
  restart(changed?: { readonly issued?: Issued; readonly limits?: string }): Promise<void>;
  /** As a machine that is switched off. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

interface Person {
  readonly parent?: string;
  readonly uid?: string;
  readonly name?: string;
  readonly mail?: string | null;
  readonly password?: string;
}

function configurationOf(
  folder: string,
  { certificate, key }: Issued,
  { ca, limits }: { ca: string; limits: string },
) {
  return `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload ppolicy
# As some are: who gives a name and no password is let in as nobody.
allow bind_anon_dn
pidfile ${folder}/slapd.pid
TLSCACertificateFile ${ca}
TLSCertificateFile ${certificate}
TLSCertificateKeyFile ${key}
sizelimit unlimited
database mdb
maxsize 4294967296
suffix "${base}"
rootdn "${root}"
rootpw "${rootPassword}"
directory ${folder}/db
dbnosync
overlay ppolicy
${limits}
index objectClass eq
index entryUUID,modifyTimestamp eq
access to attrs=userPassword by anonymous auth by * none
access to * by users read
`;
}

/** An entry as LDIF (RFC 2849). */
export function inLdif(dn: string, attributes: Readonly<Record<string, string | readonly string[]>>): string {
  const lines = Object.entries(attributes).flatMap(([name, values]) =>
    [values].flat().map((value) => `${name}: ${value}`),
  );
  return [`dn: ${dn}`, ...lines, ""].join("\n");
}

/** What every directory of ours has: for those who say the rest themselves. */
export const foundation = [
  inLdif(base, { objectClass: ["dcObject", "organization"], o: "Example", dc: "example" }),
  inLdif(people, { objectClass: "organizationalUnit", ou: "People" }),
  inLdif(reader.bindName, {
    objectClass: ["simpleSecurityObject", "organizationalRole"],
    cn: "reader",
    userPassword: reader.password,
  }),
].join("\n");

/**
 * In a folder of its own.
 * @param ldif a file with all that is in it from the beginning; loaded at once, however much it is.
 * @throws Error with what the server said, when it does not start.
 */
export async function startOpenLdap(folder: string, { ldif }: { ldif?: string } = {}): Promise<OpenLdap> {
  await mkdir(join(folder, "db"), { recursive: true });
  const authority = await makeAuthority(join(folder, "tls"));
  const issued = await authority.issue();
  const ports = { starttls: await freePort(), ldaps: await freePort() };
  const url = `ldap://127.0.0.1:${ports.starttls}`;
  const configuration = join(folder, "slapd.conf");
  const begin = async (with_: { issued: Issued; limits: string }): Promise<Started> => {
    const text = configurationOf(folder, with_.issued, { ca: authority.file, limits: with_.limits });
    await writeFile(configuration, text);
    const listening = `${url}/ ldaps://127.0.0.1:${ports.ldaps}/`;
    return startAnswering("/usr/sbin/slapd", ["-f", configuration, "-h", listening, "-d", "0"], url);
  };
  const beginning = join(folder, "beginning.ldif");
  await writeFile(beginning, foundation);
  await writeFile(configuration, configurationOf(folder, issued, { ca: authority.file, limits: "" }));
  await run("/usr/sbin/slapadd", ["-q", "-f", configuration, "-l", ldif ?? beginning]);
  let server = await begin({ issued, limits: "" });
  const admin = new Client({ url });
  await admin.bind(root, rootPassword);
  return {
    authority,
    ports,
    admin,
    ...adding(admin),
    restart: async (changed = {}) => {
      await admin.unbind();
      await server.stop();
      server = await begin({ issued, limits: "", ...changed });
      await admin.bind(root, rootPassword);
    },
    kill: () => server.stop("SIGKILL"),
    stop: async () => {
      await admin.unbind().catch(() => undefined);
      await server.stop();
    },
  };
}

function adding(admin: Client): Pick<OpenLdap, "addUnit" | "addPerson" | "addPeople" | "replace"> {
  const addPerson = async (number: number, { parent = people, uid, name, mail, password }: Person = {}) => {
    const login = uid ?? `person-${number}`;
    const dn = `uid=${login},${parent}`;
    await admin.add(dn, {
      objectClass: "inetOrgPerson",
      uid: login,
      cn: name ?? `Person ${number}`,
      sn: String(number),
      ...(mail === null ? {} : { mail: mail ?? `person-${number}@example.test` }),
      ...(password === undefined ? {} : { userPassword: password }),
    });
    return dn;
  };
  return {
    addPerson,
    addUnit: async (name, parent = people) => {
      const escaped = name.replace(/[,+"\\<>;=]/g, "\\$&");
      const dn = `ou=${escaped},${parent}`;
      await admin.add(dn, { objectClass: "organizationalUnit", ou: name });
      return dn;
    },
    addPeople: async (numbers, parent = people) => {
      for (let at = 0; at < numbers.length; at += 50) {
        await Promise.all(numbers.slice(at, at + 50).map((number) => addPerson(number, { parent })));
      }
    },
    replace: async (dn, attribute, values) => {
      const modification = new Attribute({ type: attribute, values: [...values] });
      await admin.modify(dn, new Change({ operation: "replace", modification }));
    },
  };
}
