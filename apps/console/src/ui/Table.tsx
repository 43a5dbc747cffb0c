// A table on wide screens; on narrow ones each row is a few lines, and each cell says where in them it stands.

import type { KeyboardEvent, ReactNode } from "react";

import styles from "./table.module.css";
import ui from "./ui.module.css";

interface TableProps {
  /** What it shows, in which order; for those who do not see it. */
  readonly caption: string;
  /** The names of the columns. One that starts with "(" has its name for those who do not see only. */
  readonly columns: readonly string[];
  /** The tick for all rows, where rows can be chosen. */
  readonly tick?: ReactNode;
  /** Nothing stands above it in its card. */
  readonly isFirst?: boolean;
  readonly children: ReactNode;
}

export function Table({ caption, columns, tick, isFirst = false, children }: TableProps): ReactNode {
  return (
    <table className={styles.table} data-first={isFirst} data-ticks={tick !== undefined}>
      <caption className={ui.hidden}>{caption}</caption>
      <thead>
        <tr>
          {tick !== undefined && <th className={styles.tick}>{tick}</th>}
          {columns.map((name) => (
            <th key={name} scope="col">
              {name.startsWith("(") ? <span className={ui.hidden}>{name.slice(1, -1)}</span> : name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody onKeyDown={walkRows}>{children}</tbody>
    </table>
  );
}

/** The arrows go from row to row. */
function walkRows(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>("th a")];
  const at = links.findIndex((link) => link === document.activeElement);
  const next = at === -1 ? undefined : links[event.key === "ArrowDown" ? at + 1 : at - 1];
  if (next === undefined) return;
  event.preventDefault();
  next.focus();
}

interface CellProps {
  /** On narrow screens: a line of its own, the corner above, the end of its line, or nowhere. */
  readonly narrow?: "line" | "corner" | "end" | "away";
  /** Said before it on narrow screens, where no heading says it. */
  readonly label?: string;
  /** It matters less than the others. */
  readonly isQuiet?: boolean;
  /** No wider than what is in it: a button, a mark. */
  readonly isTight?: boolean;
  readonly children: ReactNode;
}

export function Cell({ narrow, label, isQuiet = false, isTight = false, children }: CellProps): ReactNode {
  return (
    <td data-label={label} data-narrow={narrow} data-quiet={isQuiet} data-tight={isTight}>
      {children}
    </td>
  );
}

interface HeadCellProps {
  /** Below what the row is called. */
  readonly about?: ReactNode;
  readonly children: ReactNode;
}

/** What the row is called. */
export function HeadCell({ about, children }: HeadCellProps): ReactNode {
  return (
    <th scope="row">
      {children}
      {about !== undefined && <span className={styles.about}>{about}</span>}
    </th>
  );
}

/** The cell in which a row is chosen. */
export function TickCell({ children }: { readonly children: ReactNode }): ReactNode {
  return <td className={styles.tick}>{children}</td>;
}

interface TableFootProps {
  readonly children: ReactNode;
  /** What goes on: to the next page. */
  readonly action?: ReactNode;
}

/** How many rows there are, and a way to more. */
export function TableFoot({ children, action }: TableFootProps): ReactNode {
  return (
    <div className={styles.foot}>
      <span>{children}</span>
      {action}
    </div>
  );
}

/** For the link in a row's name: it fills the row, so that anywhere in it may be pressed. */
export const rowLink = styles.fill;
