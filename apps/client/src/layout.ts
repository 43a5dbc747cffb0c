// Text in columns and paragraphs, amounts and moments, in the width of a terminal.

import { columns, plain } from "./terminal.ts";

/** Numbers stand at the right of their column, everything else at the left. */
export type Cell = string | number;

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

/** The end of a text, which of a path says most, in so many columns at most. */
export function endOf(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  const signs = Array.from(graphemes.segment(text), ({ segment }) => segment);
  while (signs.length > 0 && widthOf(signs.join("")) > width - 1) signs.shift();
  return `…${signs.join("")}`;
}

function aligned(cell: Cell, width: number): string {
  const space = " ".repeat(Math.max(0, width - widthOf(plain(String(cell)))));
  return typeof cell === "number" ? space + String(cell) : plain(cell) + space;
}

/** Rows below their headings, each column as wide as its widest cell. */
export function table(headings: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const widths = headings.map((heading, column) =>
    Math.max(widthOf(heading), ...rows.map((row) => widthOf(plain(String(row[column] ?? ""))))),
  );
  const lineOf = (cells: readonly Cell[]) =>
    widths
      .map((width, column) => aligned(cells[column] ?? "", width))
      .join("  ")
      .trimEnd();
  const top = headings.map((heading, column) =>
    rows.some((row) => typeof row[column] === "number") ? heading.padStart(widths[column] ?? 0) : heading,
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
export function fields(pairs: readonly (readonly [string, string])[]): string {
  const width = Math.max(...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => paragraph(`${name.padEnd(width)}  `, value)).join("\n");
}

/** An amount with its noun. */
export function counted(amount: number, one: string, many = `${one}s`): string {
  return `${amount} ${amount === 1 ? one : many}`;
}

/** Bytes in the unit that fits: powers of 1000, as disks count. */
export function sizeOf(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB", "TB"];
  let [amount, step] = [bytes, 0];
  // What would be rounded to 1000 is 1 of the next unit.
  for (; amount >= 999.5 && step < units.length - 1; step += 1) amount /= 1000;
  if (step === 0) return counted(bytes, "byte");
  return `${amount < 9.95 ? amount.toFixed(1) : amount.toFixed(0)} ${units[step] ?? ""}`;
}

/** A moment in seconds since 1970, to the minute, in the time zone of whoever looks. */
export function momentOf(seconds: number): string {
  const at = new Date(seconds * 1000);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join("-");
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** How long something takes or took, in the largest unit of which there is at least one. */
export function spanOf(seconds: number): string {
  const units = [
    ["day", 86_400],
    ["hour", 3600],
    ["minute", 60],
  ] as const;
  for (const [name, length] of units)
    if (seconds >= length) return counted(Math.floor(seconds / length), name);
  return "less than a minute";
}
