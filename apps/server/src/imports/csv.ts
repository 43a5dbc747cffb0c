// Reads a file of comma-separated values (RFC 4180), as spreadsheets of all countries write it.

import { pipeline } from "node:stream/promises";
import { setImmediate as others } from "node:timers/promises";

import { parse } from "csv-parse";

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

function rowOf(named: readonly Column[], values: readonly string[] | null): Row {
  if (values?.length !== named.length) return null;
  return Object.fromEntries(named.map((column, at) => [column, values[at] ?? ""]));
}

/** A large file is read piece by piece, and whoever else calls the server is answered in between. */
const pieceBytes = 64 * 1024;

/**
 * Every row after the one that names the columns. Empty lines are none.
 * @throws Refusal csv_header_invalid.
 */
export async function parseCsv(text: string): Promise<Row[]> {
  const rows: Row[] = [];
  const read: (readonly string[] | null)[] = [];
  let named: readonly Column[] | undefined;
  const takeRead = () => {
    for (const values of read.splice(0)) {
      if (named === undefined) named = columnsOf(values ?? []);
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
  if (named === undefined) columnsOf([]);
  return rows;
}
