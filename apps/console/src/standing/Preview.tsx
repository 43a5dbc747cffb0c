// What would follow, before it is saved; until something is proposed, what to do to see it.

import { Skeleton } from "@mantine/core";
import type { ReactNode } from "react";

import { Loaded } from "../Loaded.tsx";
import { ImpactTable } from "./ImpactTable.tsx";
import styles from "./impact.module.css";
import type { ImpactPreview } from "./preview.ts";

interface PreviewProps {
  readonly preview: ImpactPreview;
  readonly children?: ReactNode;
}

export function Preview({ preview: { query, isProposed, isKnown }, children }: PreviewProps): ReactNode {
  if (!isProposed) return children === undefined ? null : <p className={styles.calm}>{children}</p>;
  return (
    <div aria-busy={!isKnown} aria-live="polite" className={styles.preview}>
      <Loaded query={query} skeleton={<Skeleton height={120} />}>
        {(reply) => <ImpactTable impact={reply} />}
      </Loaded>
    </div>
  );
}
