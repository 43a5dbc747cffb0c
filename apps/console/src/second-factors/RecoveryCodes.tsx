// Codes for the day on which the phone is gone. They are shown once.

import { Button } from "@mantine/core";
import { useState, type ReactNode } from "react";

import styles from "./second-factors.module.css";

export function RecoveryCodes({ codes }: { readonly codes: readonly string[] }): ReactNode {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(codes.join("\n"));
      setCopied(true);
    } catch {
      // No permission: they can be selected and copied by hand.
    }
  };
  return (
    <>
      <p>
        Keep these where you keep what you must not lose, and not on the phone. Each signs you in once without
        it. They are not shown again.
      </p>
      <ul className={styles.codes}>
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ul>
      <Button aria-live="polite" onClick={() => void copy()} size="sm">
        {isCopied ? "Copied" : "Copy all of them"}
      </Button>
    </>
  );
}
