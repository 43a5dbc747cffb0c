// A directory's settings while they are typed, and as they are sent: what is left empty is as usual.

import { directoryPresets, type directories, type Directory } from "@lockstep/api";
import type { TeamId } from "@lockstep/core";
import type { z } from "zod";

export type Kind = Directory["kind"];

/** Numbers are texts until they are sent. */
export interface Draft {
  readonly name: string;
  readonly kind: Kind;
  readonly host: string;
  readonly port: string;
  readonly security: Directory["security"];
  readonly certificates: string;
  readonly bindName: string;
  readonly password: string;
  readonly base: string;
  readonly filter: string;
  readonly nameOf: string;
  readonly usernameOf: string;
  readonly emailOf: string;
  readonly usernameSuffix: string;
  readonly mode: Directory["mode"];
  readonly teamId: TeamId | null;
  readonly follows: boolean;
  readonly intervalMinutes: string;
  readonly fullHours: string;
  readonly guardLeast: string;
  readonly guardPercent: string;
  readonly isOn: boolean;
  readonly signsIn: boolean;
}

type UsualFields = Pick<Draft, "kind" | "filter" | "nameOf" | "usernameOf" | "emailOf">;

/** What choosing a kind fills in. */
export function usualOf(kind: Kind): UsualFields {
  const { filter, mapping } = directoryPresets[kind];
  return { kind, filter, nameOf: mapping.name, usernameOf: mapping.username, emailOf: mapping.email };
}

export const emptyDraft: Draft = {
  name: "",
  host: "",
  port: "",
  security: "ldaps",
  certificates: "",
  bindName: "",
  password: "",
  base: "",
  ...usualOf("active-directory"),
  usernameSuffix: "",
  mode: "manual",
  teamId: null,
  follows: false,
  intervalMinutes: "60",
  fullHours: "24",
  guardLeast: "20",
  guardPercent: "2",
  isOn: true,
  signsIn: false,
};

export function draftOf(directory: Directory): Draft {
  const { port, certificates, mapping, intervalMinutes, fullHours, guardLeast, guardPercent, ...rest } =
    directory;
  return {
    ...emptyDraft,
    ...rest,
    port: String(port),
    certificates: certificates ?? "",
    nameOf: mapping.name,
    usernameOf: mapping.username,
    emailOf: mapping.email,
    intervalMinutes: String(intervalMinutes),
    fullHours: String(fullHours),
    guardLeast: String(guardLeast),
    guardPercent: String(guardPercent),
  };
}

type Sent = z.input<typeof directories.createDirectory.body>;

/** What is left empty is left out. */
function filled<Fields extends Readonly<Record<string, string>>>(fields: Fields): Partial<Fields> {
  const there = Object.entries(fields).filter(([, text]) => text.trim() !== "");
  return Object.fromEntries(there) as Partial<Fields>;
}

/** Everything but the password. */
export function settingsOf(draft: Draft): Omit<Sent, "password"> {
  const { name, kind, host, security, bindName, base, mode, teamId, isOn, signsIn } = draft;
  return {
    ...{ name, kind, host, security, bindName, base, mode, teamId, isOn, signsIn },
    ...(draft.port.trim() === "" ? {} : { port: Number(draft.port) }),
    certificates: draft.certificates.trim() === "" ? null : draft.certificates,
    ...filled({ filter: draft.filter, usernameSuffix: draft.usernameSuffix }),
    mapping: filled({ name: draft.nameOf, username: draft.usernameOf, email: draft.emailOf }),
    follows: mode === "units" && draft.follows,
    intervalMinutes: Number(draft.intervalMinutes),
    fullHours: Number(draft.fullHours),
    guardLeast: Number(draft.guardLeast),
    guardPercent: Number(draft.guardPercent),
  };
}

/** Nothing where it is left empty: the saved one stays. */
export const passwordOf = ({ password }: Draft): { readonly password?: string } =>
  password === "" ? {} : { password };

/** Whether the saved password would go to where it did not go before, so that it has to be given again. */
export function isSentElsewhere(draft: Draft, saved: Directory): boolean {
  const former = draftOf(saved);
  return (["host", "port", "security", "certificates", "bindName"] as const).some(
    (key) => draft[key] !== former[key],
  );
}
