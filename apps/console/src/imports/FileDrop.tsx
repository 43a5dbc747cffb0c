// A place to drop a file, or to choose one.

import { useState, type DragEvent, type ReactNode } from "react";

import { FileIcon } from "../ui/icons.tsx";
import styles from "./imports.module.css";

interface FileDropProps {
  readonly label: string;
  readonly hint: ReactNode;
  /** The file that is chosen already. */
  readonly name: string | undefined;
  readonly onFile: (file: File) => void;
}

export function FileDrop({ label, hint, name, onFile }: FileDropProps): ReactNode {
  const [isOver, setOver] = useState(false);
  const hover = (isNow: boolean) => (event: DragEvent) => {
    event.preventDefault();
    setOver(isNow);
  };
  return (
    <label
      className={styles.drop}
      data-over={isOver}
      onDragEnter={hover(true)}
      onDragLeave={hover(false)}
      onDragOver={hover(true)}
      onDrop={(event) => {
        hover(false)(event);
        const [file] = event.dataTransfer.files;
        if (file !== undefined) onFile(file);
      }}
    >
      <FileIcon />
      <span>
        <span className={styles.dropLabel}>{name ?? label}</span>
        <span className={styles.quiet}>{hint}</span>
      </span>
      <input
        accept=".csv,.txt,.tsv,text/csv,text/plain,text/tab-separated-values"
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0];
          if (file !== undefined) onFile(file);
          // So that the same file, corrected meanwhile, can be chosen again.
          currentTarget.value = "";
        }}
        type="file"
      />
    </label>
  );
}
