// Text in columns and paragraphs, as wide as what is in it.

import { columns, painted, plain, type Colour } from "./terminal.ts";

/** A word with the colour it is also known by. */
export interface Coloured {
  readonly word: string;
  readonly colour: Colour;
}

/** Numbers stand at the right of their column, everything else at the left. */
export type Cell = string | number | Coloured | null;

const graphemes = new Intl.Segmenter();
const wide =
  /^[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u;

/** How many columns of a terminal a text takes. */
export function widthOf(text: string): number {
  return Array.from(graphemes.segment(text)).reduce(
    (sum, { segment }) => sum + (wide.test(segment) ? 2 : 1),
    0,
  );
}

function wordOf(cell: Cell): string {
  if (cell === null) return "–";
  return plain(typeof cell === "object" ? cell.word : String(cell));
}

function aligned(cell: Cell, width: number): string {
  const word = wordOf(cell);
  const space = " ".repeat(Math.max(0, width - widthOf(word)));
  if (typeof cell === "number") return space + word;
  return (cell !== null && typeof cell === "object" ? painted(cell.colour, word) : word) + space;
}

/** Rows below their headings, each column as wide as its widest cell. */
export function table(headings: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const isNumeric = (column: number) => rows.some((row) => typeof row[column] === "number");
  const widths = headings.map((heading, column) =>
    Math.max(widthOf(heading), ...rows.map((row) => widthOf(wordOf(row[column] ?? null)))),
  );
  const lineOf = (cells: readonly Cell[]) =>
    widths
      .map((width, column) => aligned(cells[column] ?? null, width))
      .join("  ")
      .trimEnd();
  const top = headings.map((heading, column) =>
    isNumeric(column) ? heading.padStart(widths[column] ?? 0) : heading,
  );
  return [lineOf(top), ...rows.map(lineOf)].join("\n");
}

/** Words broken into lines, the first after `label`, the others below its end. */
export function paragraph(label: string, text: string): string {
  const room = columns - label.length;
  const lines: string[] = [];
  let line = "";
  for (const word of plain(text).split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && widthOf(longer) > room) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  return [...lines, line]
    .map((each, index) => (index === 0 ? label : " ".repeat(label.length)) + each)
    .join("\n");
}

/** Names of values beside the values. */
export function fields(pairs: readonly (readonly [string, Coloured | string])[]): string {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${name.padEnd(width)}  ${aligned(value, 0)}`).join("\n");
}

/** An amount with its noun. */
export function counted(amount: number, one: string, many = `${one}s`): string {
  return `${amount} ${amount === 1 ? one : many}`;
}

/** A moment, to the minute, in the time zone of whoever looks. */
export function momentOf(instant: string): string {
  const at = new Date(instant);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** The day of a moment, in the time zone of whoever looks. */
export function dateOf(instant: string): string {
  return momentOf(instant).slice(0, 10);
}
