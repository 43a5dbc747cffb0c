// What a directory says about itself in its root entry (RFC 4512 §5.1).

import type { Entry } from "ldapts";

import type { Connection } from "./connection.ts";
import type { DirectoryKind } from "./presets.ts";

export interface Server {
  /** As the directory calls itself, for people. */
  readonly name: string;
  /** Marks of changes hold for this one alone. */
  readonly id: string;
  /** Active Directory's update sequence number at this moment; empty elsewhere. */
  readonly highestMark: string;
}

const asked = [
  "vendorName",
  "vendorVersion",
  "dsServiceName",
  "dnsHostName",
  "highestCommittedUSN",
  "namingContexts",
];

function textOf(entry: Entry | undefined, attribute: string): string {
  const value = entry?.[attribute];
  const first = Array.isArray(value) ? value[0] : value;
  return first === undefined ? "" : first.toString();
}

/** A domain controller that was restored from a backup begins to count anew, under a new invocation id. */
async function invocationOf(connection: Connection, service: string): Promise<string> {
  const { entries } = await connection.search(service, {
    scope: "base",
    attributes: ["invocationId"],
    explicitBufferAttributes: ["invocationId"],
  });
  const value = entries[0]?.["invocationId"];
  return Buffer.isBuffer(value) ? value.toString("hex") : service;
}

/** @throws DirectoryFailed. */
export async function loadServer(connection: Connection, kind: DirectoryKind, host: string): Promise<Server> {
  const { entries } = await connection.search("", { scope: "base", attributes: asked });
  const [root] = entries;
  const service = textOf(root, "dsServiceName");
  if (kind === "active-directory" && service !== "") {
    const name = textOf(root, "dnsHostName");
    const id = await invocationOf(connection, service);
    return {
      name: `Active Directory, ${name === "" ? host : name}`,
      id,
      highestMark: textOf(root, "highestCommittedUSN"),
    };
  }
  const vendor = [textOf(root, "vendorName"), textOf(root, "vendorVersion")].join(" ").trim();
  const context = textOf(root, "namingContexts");
  return { name: vendor === "" ? `LDAP, ${context}` : vendor, id: `${host} ${context}`, highestMark: "" };
}
