// Reads a file of comma-separated values (RFC 4180), as spreadsheets of all countries write it.

import { pipeline } from "node:stream/promises";
import { setImmediate as others } from "node:timers/promises";

import { parse } from "csv-parse";

import { Refusal } from "../refusal.ts";

/** Which columns a file can have. */
export interface Form<Column extends string> {
  readonly columns: readonly Column[];
  /** Of each of these one must be there. */
  readonly needed: readonly (readonly Column[])[];
}

type PeopleColumn = "name" | "username" | "email" | "team";
export const peopleForm: Form<PeopleColumn> = {
  columns: ["name", "username", "email", "team"],
  needed: [["name"], ["username", "email"]],
};

/** What a row says in the columns that there are; null for one that is none. */
export type Row<Column extends string = PeopleColumn> = Readonly<Partial<Record<Column, string>>> | null;

const separators = [",", ";", "\t"];

/** The one that the row of names is cut into most pieces by. */
function separatorOf(text: string): string {
  const [head = ""] = text.split("\n", 1);
  const [most = ","] = separators.toSorted((a, b) => head.split(b).length - head.split(a).length);
  return most;
}

/** @throws Refusal csv_header_invalid. */
function columnsOf<Column extends string>(head: readonly string[], form: Form<Column>): Column[] {
  const names = head.map((name) => name.toLowerCase());
  const isColumn = (name: string): name is Column => form.columns.some((column) => column === name);
  const wrong = (detail: string) => new Refusal("csv_header_invalid", { detail });
  const unknown = names.find((name) => !isColumn(name));
  if (unknown !== undefined) throw wrong(`“${unknown}” is none of ${form.columns.join(", ")}`);
  if (new Set(names).size < names.length) throw wrong("a column is named twice");
  const missing = form.needed.find((one) => !one.some((column) => names.includes(column)));
  if (missing !== undefined) {
    throw wrong(`${missing.join(", or ")}${missing.length > 1 ? "," : ""} is missing`);
  }
  return names.filter(isColumn);
}

function rowOf<Column extends string>(
  named: readonly Column[],
  values: readonly string[] | null,
): Row<Column> {
  if (values?.length !== named.length) return null;
  const cells = named.map((column, at) => [column, values[at] ?? ""] as const);
  return Object.fromEntries(cells) as Partial<Record<Column, string>>;
}

/** A large file is read piece by piece, and whoever else calls the server is answered in between. */
const pieceBytes = 64 * 1024;

/**
 * Every row after the one that names the columns. Empty lines are none.
 * @throws Refusal csv_header_invalid.
 */
export async function parseCsv<Column extends string>(
  text: string,
  form: Form<Column>,
): Promise<Row<Column>[]> {
  const rows: Row<Column>[] = [];
  const read: (readonly string[] | null)[] = [];
  let named: readonly Column[] | undefined;
  const takeRead = () => {
    for (const values of read.splice(0)) {
      if (named === undefined) named = columnsOf(values ?? [], form);
      else rows.push(rowOf(named, values));
    }
  };
  const parser = parse({
    bom: true,
    delimiter: separatorOf(text),
    trim: true,
    skip_empty_lines: true,
    relax_column_count: true,
    // A quote that never ends takes the rest of the file with it: that row is malformed, those before it are fine.
    skip_records_with_error: true,
    on_skip: () => {
      read.push(null);
      return undefined;
    },
    on_record: (record: string[]) => {
      read.push(record);
      return null;
    },
  });
  const pieces = async function* (bytes: Buffer) {
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      yield bytes.subarray(at, at + pieceBytes);
      takeRead();
      await others();
    }
  };
  await pipeline(pieces(Buffer.from(text)), parser.resume());
  takeRead();
  if (named === undefined) columnsOf([], form);
  return rows;
}
