// An entry as it arrives, and the person that it tells of. Names of attributes are compared without capitals.

import { shapes } from "@lockstep/api";
import type { Entry as Raw } from "ldapts";

import { usernameOf, type Entry } from "../plan.ts";
import { objectIdOf } from "./object-id.ts";
import type { Mapping, Preset } from "./presets.ts";

export interface Telling {
  readonly preset: Preset;
  readonly mapping: Mapping;
  /** The names of the units that an entry is in, below the base. */
  readonly unitsOf: (dn: string) => readonly string[];
  readonly usernameSuffix: string;
}

type Values = readonly (string | Buffer)[];

/** The values of an attribute, also of one that came in ranges or with options (member;range=0-1499, cn;lang-de). */
function valuesOf(raw: Raw, attribute: string): Values {
  const wanted = attribute.toLowerCase();
  for (const [name, value] of Object.entries(raw)) {
    if (name.toLowerCase() !== wanted) continue;
    return Array.isArray(value) ? value : [value];
  }
  return [];
}

/** PostgreSQL keeps no text with a NUL in it. */
const sound = (text: string) => text.replaceAll("\0", "\uFFFD");

const textOf = (value: string | Buffer | undefined) =>
  value === undefined ? "" : sound(typeof value === "string" ? value : value.toString("utf8"));

function firstOf(raw: Raw, attributes: readonly string[]): string {
  for (const attribute of attributes) {
    const text = textOf(valuesOf(raw, attribute)[0]).trim();
    if (text !== "") return text;
  }
  return "";
}

/** The first that is one. Of several the directory promises no order, so the alphabet decides. */
function emailOf(raw: Raw, attribute: string): string | null {
  const addresses = valuesOf(raw, attribute)
    .map((value) => textOf(value).trim())
    .filter((text) => shapes.email.safeParse(text).success);
  return addresses.sort()[0] ?? null;
}

/** @returns null for an entry whose immutable id cannot be read. */
export function entryOf(raw: Raw, { preset, mapping, unitsOf, usernameSuffix }: Telling): Entry | null {
  const [id] = valuesOf(raw, preset.id.attribute);
  if (id === undefined) return null;
  const bytes = typeof id === "string" ? Buffer.from(id, "utf8") : id;
  const objectId = objectIdOf(bytes, preset.id.isGuid);
  if (objectId === null) return null;
  const username = firstOf(raw, [mapping.username, ...preset.otherUsernames]);
  const completed = username === "" || username.includes("@") ? username : `${username}@${usernameSuffix}`;
  const { attribute, isDisabled } = preset.disabled;
  return {
    objectId,
    dn: sound(raw.dn),
    name: firstOf(raw, [mapping.name, ...preset.otherNames]),
    username: usernameOf({ username: completed }),
    email: emailOf(raw, mapping.email),
    units: unitsOf(sound(raw.dn)).map(sound),
    isDisabled: valuesOf(raw, attribute).some((value) => isDisabled(textOf(value))),
  };
}

/** Of the marks of two entries the later one; numbers are longer than a number can be. */
export function laterMark(a: string, b: string): string {
  if (a.length !== b.length && /^\d+$/.test(a) && /^\d+$/.test(b)) return a.length > b.length ? a : b;
  return a > b ? a : b;
}

export function markOf(raw: Raw, { mark }: Preset): string {
  return textOf(valuesOf(raw, mark)[0]);
}
