// The shape of a list that is still loading.

import { Skeleton } from "@mantine/core";
import type { ReactNode } from "react";

import styles from "./list.module.css";

const widths = [34, 26, 40, 30, 22, 36, 28, 32, 25, 38];

export function UserListSkeleton(): ReactNode {
  return (
    <div className={styles.skeleton}>
      <p className={styles.hidden}>Loading</p>
      {widths.map((width) => (
        <div key={width}>
          <Skeleton height={12} width={`${width}%`} />
          <Skeleton height={20} radius="xl" width={130} />
        </div>
      ))}
    </div>
  );
}
