// Certificates for directories of tests: an authority, and what it issued for this machine.

import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

export interface Issued {
  readonly key: string;
  readonly certificate: string;
}

export interface TestAuthority {
  /** As PEM, to be trusted. */
  readonly certificate: string;
  /** The files of a certificate for localhost and 127.0.0.1. */
  issue(options?: { readonly days?: number; readonly name?: string }): Promise<Issued>;
  readonly file: string;
}

export async function makeAuthority(folder: string): Promise<TestAuthority> {
  await mkdir(folder, { recursive: true });
  const at = (name: string) => join(folder, name);
  const openssl = (...parameters: string[]) => run("openssl", parameters, { cwd: folder });
  const request = ["-newkey", "rsa:2048", "-nodes"];
  await openssl(
    "req",
    "-x509",
    ...request,
    "-keyout",
    "ca.key",
    "-out",
    "ca.pem",
    "-subj",
    "/CN=Test",
    "-days",
    "2",
  );
  let count = 0;
  return {
    certificate: await readFile(at("ca.pem"), "utf8"),
    file: at("ca.pem"),
    issue: async ({ days = 2, name = "localhost" } = {}) => {
      const part = `issued-${++count}`;
      await openssl(
        "req",
        ...request,
        "-keyout",
        `${part}.key`,
        "-out",
        `${part}.csr`,
        "-subj",
        `/CN=${name}`,
      );
      const names = name === "localhost" ? "DNS:localhost,IP:127.0.0.1" : `DNS:${name}`;
      await writeFile(at(`${part}.ext`), `subjectAltName=${names}\n`);
      const signing = ["-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", String(days)];
      const files = ["-in", `${part}.csr`, "-out", `${part}.pem`, "-extfile", `${part}.ext`];
      await openssl("x509", "-req", ...signing, ...files);
      return { key: at(`${part}.key`), certificate: at(`${part}.pem`) };
    },
  };
}
