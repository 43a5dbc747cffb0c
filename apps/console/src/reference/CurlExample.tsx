// A call to copy into a shell.

import { Button } from "@mantine/core";
import { useClipboard } from "@mantine/hooks";
import type { ReactNode } from "react";

import { CheckIcon, CopyIcon } from "../ui/icons.tsx";
import styles from "./reference.module.css";

interface CurlExampleProps {
  readonly text: string;
}

export function CurlExample({ text }: CurlExampleProps): ReactNode {
  const { copied, copy } = useClipboard({ timeout: 2000 });
  return (
    <div className={styles.curl}>
      <pre>{text}</pre>
      <Button
        aria-live="polite"
        className={styles.copy ?? ""}
        leftSection={copied ? <CheckIcon /> : <CopyIcon />}
        onClick={() => copy(text)}
      >
        {copied ? "Copied" : "Copy"}
      </Button>
    </div>
  );
}
