// Where one is, from the top down. The last part is the page itself.

import type { ReactNode } from "react";

import { ChevronIcon } from "./icons.tsx";
import styles from "./ui.module.css";

interface BreadcrumbsProps {
  readonly parts: readonly { readonly key: string; readonly content: ReactNode }[];
}

export function Breadcrumbs({ parts }: BreadcrumbsProps): ReactNode {
  return (
    <nav aria-label="Breadcrumbs" className={styles.breadcrumbs}>
      <ol>
        {parts.map(({ key, content }, at) => (
          <li aria-current={at === parts.length - 1 ? "page" : undefined} key={key}>
            {at > 0 && <ChevronIcon />}
            {content}
          </li>
        ))}
      </ol>
    </nav>
  );
}
