// Reads a file of comma-separated values (RFC 4180), as spreadsheets of all countries write it.

import { parse } from "csv-parse/sync";

import { Refusal } from "../refusal.ts";

const columns = ["name", "username", "email", "team"] as const;
type Column = (typeof columns)[number];

/** What a row says in the columns that there are; null for one that is none. */
export type Row = Readonly<Partial<Record<Column, string>>> | null;

const separators = [",", ";", "\t"];

/** The one that the row of names is cut into most pieces by. */
function separatorOf(text: string): string {
  const [head = ""] = text.split("\n", 1);
  const [most = ","] = separators.toSorted((a, b) => head.split(b).length - head.split(a).length);
  return most;
}

/** @throws Refusal csv_header_invalid. */
function columnsOf(head: readonly string[]): Column[] {
  const names = head.map((name) => name.toLowerCase());
  const unknown = names.find((name) => !columns.some((column) => column === name));
  const wrong = (detail: string) => new Refusal("csv_header_invalid", { detail });
  if (unknown !== undefined) throw wrong(`“${unknown}” is none of ${columns.join(", ")}`);
  if (new Set(names).size < names.length) throw wrong("a column is named twice");
  if (!names.includes("name")) throw wrong("name is missing");
  if (!names.includes("username") && !names.includes("email")) throw wrong("username, or email, is missing");
  return names as Column[];
}

/**
 * Every row after the one that names the columns. Empty lines are none.
 * @throws Refusal csv_header_invalid.
 */
export function parseCsv(text: string): Row[] {
  const records: (readonly string[] | null)[] = [];
  parse(text, {
    bom: true,
    delimiter: separatorOf(text),
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
    // A quote that never ends takes the rest of the file with it: that row is malformed, those before it are fine.
    skip_records_with_error: true,
    on_skip: () => {
      records.push(null);
      return undefined;
    },
    on_record: (record: string[]) => {
      records.push(record);
      return null;
    },
  });
  const [head, ...rows] = records;
  const named = columnsOf(head ?? []);
  return rows.map((values) => {
    if (values?.length !== named.length) return null;
    return Object.fromEntries(named.map((column, at) => [column, values[at] ?? ""]));
  });
}
