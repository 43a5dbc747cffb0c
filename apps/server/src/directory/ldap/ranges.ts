// Attributes with more values than Active Directory gives at a time, as in member;range=0-1499 ([MS-ADTS] §3.1.1.3.1.3.3):
// the rest is asked for.

import type { Entry } from "ldapts";

import type { Connection } from "./connection.ts";

const ranged = /^(.+);range=(\d+)-(\d+|\*)$/i;

type Value = string | Buffer;

const valuesOf = (value: Entry[string] | undefined): readonly Value[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

interface Range {
  readonly attribute: string;
  /** Null when it is the last. */
  readonly next: number | null;
  readonly values: readonly Value[];
}

function rangesOf(entry: Entry): { readonly name: string; readonly range: Range }[] {
  return Object.keys(entry).flatMap((name) => {
    const [, attribute, , last] = ranged.exec(name) ?? [];
    if (attribute === undefined || last === undefined) return [];
    const next = last === "*" ? null : Number(last) + 1;
    return [{ name, range: { attribute, next, values: valuesOf(entry[name]) } }];
  });
}

/** The entry with all the values of each attribute, under its plain name. */
export async function completeRanges(connection: Connection, entry: Entry): Promise<Entry> {
  const found = rangesOf(entry);
  if (found.length === 0) return entry;
  const partial = new Set(found.map(({ name }) => name));
  const complete = Object.fromEntries(Object.entries(entry).filter(([name]) => !partial.has(name)));
  for (const { range } of found) complete[range.attribute] = await allOf(connection, entry.dn, range);
  return { ...complete, dn: entry.dn };
}

/** Where it goes on, if it does. */
function later(range: Range | undefined, asked: number): number | null {
  const next = range?.next ?? null;
  return next !== null && next > asked ? next : null;
}

async function allOf(connection: Connection, dn: string, first: Range): Promise<string[]> {
  const values = [...first.values];
  for (let { next } = first; next !== null;) {
    const { entries } = await connection.search(dn, {
      scope: "base",
      attributes: [`${first.attribute};range=${next}-*`],
    });
    const [further] = entries.flatMap((entry) => rangesOf(entry).map(({ range }) => range));
    values.push(...(further?.values ?? []));
    // A directory that gives nothing more, or the same again, would be asked for ever.
    next = later(further, next);
  }
  return values.map((value) => (typeof value === "string" ? value : value.toString("utf8")));
}
