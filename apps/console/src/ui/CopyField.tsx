// A text to take along: shown whole, selected with one press, copied with another.

import { Button, TextInput } from "@mantine/core";
import { useRef, useState, type ReactNode } from "react";

import { CheckIcon, CopyIcon } from "./icons.tsx";
import styles from "./ui.module.css";

interface CopyFieldProps {
  readonly label: string;
  readonly text: string;
  /** It is what the dialog is about, and is read aloud or typed off the screen. */
  readonly isLarge?: boolean;
}

export function CopyField({ label, text, isLarge = false }: CopyFieldProps): ReactNode {
  const field = useRef<HTMLInputElement>(null);
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    field.current?.select();
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
    } catch {
      // No permission, or no secure origin: it is selected, and the keyboard copies it.
    }
  };
  return (
    <div className={styles.copy} data-large={isLarge}>
      <TextInput
        aria-label={label}
        onFocus={({ currentTarget }) => currentTarget.select()}
        readOnly
        ref={field}
        spellCheck={false}
        value={text}
      />
      <Button
        aria-label={isCopied ? undefined : `Copy: ${label}`}
        aria-live="polite"
        leftSection={isCopied ? <CheckIcon /> : <CopyIcon />}
        onClick={() => void copy()}
        size="sm"
      >
        {isCopied ? "Copied" : "Copy"}
      </Button>
    </div>
  );
}
