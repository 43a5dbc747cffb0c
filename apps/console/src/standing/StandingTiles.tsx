// The seven statuses with their counts: how they divide a whole, and the way to the list of each.

import type { Counts } from "@lockstep/api";
import { encryptionStatuses, type EncryptionStatus } from "@lockstep/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { wordsOfNumber } from "../ui/format.ts";
import type { OverviewSearch } from "../users/filter.ts";
import styles from "./standing.module.css";
import { StatusBar } from "./StatusBar.tsx";
import { StatusIcon } from "./StatusIcon.tsx";

const order = Object.keys(encryptionStatuses) as EncryptionStatus[];

interface StandingTilesProps {
  /** Undefined while they load. */
  readonly counts: Counts["encryption"] | undefined;
  /** The list that the tiles lead to, but for the status. */
  readonly search: OverviewSearch;
}

export function StandingTiles({ counts, search }: StandingTilesProps): ReactNode {
  const total = counts && order.reduce((sum, status) => sum + counts[status], 0);
  return (
    <nav aria-label="Users by status" className={styles.standing}>
      <StatusBar counts={counts} />
      <ul className={styles.tiles}>
        <li>
          <Tile count={total} label="All users" search={{ ...search, status: undefined }} />
        </li>
        {order.map((status) => (
          <li data-encryption={status} key={status}>
            <Tile
              count={counts?.[status]}
              icon={<StatusIcon size={15} status={status} />}
              label={encryptionStatuses[status].label}
              search={{ ...search, status }}
            />
          </li>
        ))}
      </ul>
    </nav>
  );
}

interface TileProps {
  readonly count: number | undefined;
  readonly label: string;
  readonly icon?: ReactNode;
  readonly search: OverviewSearch;
}

function Tile({ count, label, icon, search }: TileProps): ReactNode {
  return (
    <Link
      activeOptions={{ exact: true }}
      className={styles.tile}
      data-empty={count === 0}
      resetScroll={false}
      search={search}
      to="/"
    >
      <span className={styles.tileCount}>{count === undefined ? "–" : wordsOfNumber(count)}</span>
      <span className={styles.tileLabel}>
        {icon}
        {label}
      </span>
    </Link>
  );
}
