// Why an account is blocked, or was.

import type { Account } from "@lockstep/api";
import type { ReactNode } from "react";

import { countOf, wordsOfMoment } from "../ui/format.ts";
import { Moment } from "../ui/Moment.tsx";
import { wordsOfBlocker } from "./words.ts";
import styles from "./accounts.module.css";

type Block = NonNullable<Account["block"]>;

interface BlockFactsProps {
  readonly block: Block;
  /** Whoever looks is an administrator, and not the user. */
  readonly isAdministered: boolean;
}

export function BlockFacts({ block, isAdministered }: BlockFactsProps): ReactNode {
  const { reason, userReason, until } = block;
  return (
    <div className={styles.block}>
      <p>
        {until === null ? (
          <strong>Blocked until somebody unblocks it</strong>
        ) : (
          <strong>
            Blocked until <Moment at={until} isAbsolute />, <Moment at={until} />
          </strong>
        )}
        <span className={styles.quiet}>{wordsOfBlocker(block)}</span>
      </p>
      <dl>
        {isAdministered && (
          <div>
            <dt>For administrators</dt>
            <dd>{reason ?? "No reason is recorded."}</dd>
          </div>
        )}
        <div>
          <dt>What the user is told</dt>
          <dd>{userReason ?? "Nothing but that the account is blocked, and whom to ask."}</dd>
        </div>
      </dl>
    </div>
  );
}

export function FormerBlocks({ blocks }: { readonly blocks: readonly Block[] }): ReactNode {
  return (
    <details className={styles.former}>
      <summary>{countOf(blocks.length, "former block")}</summary>
      <ul>
        {blocks.map((block) => (
          <li key={block.at}>
            <span>{block.reason ?? block.userReason ?? "No reason is recorded."}</span>
            <span className={styles.quiet}>
              {wordsOfBlocker(block)}
              {block.liftedAt !== null && `, lifted on ${wordsOfMoment(block.liftedAt)}`}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}
