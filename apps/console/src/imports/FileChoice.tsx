// Choosing the file that is imported: how large it may be, how it is read, and what it looks like.

import { useState, type ReactNode } from "react";

import { Note } from "../ui/Note.tsx";
import { FileDrop } from "./FileDrop.tsx";
import { textOf, type FileText } from "./text.ts";
import styles from "./imports.module.css";

/** As the contract has it. */
const mostBytes = 64 * 1024 * 1024;

export interface ChosenFile extends FileText {
  readonly name: string;
}

interface FileChoiceProps {
  readonly file: ChosenFile | undefined;
  readonly onChoose: (file: ChosenFile | undefined) => void;
  /** What its first row names. */
  readonly columns: ReactNode;
  /** As a spreadsheet would write it. */
  readonly example: string;
  /** What the example does not say. */
  readonly children: ReactNode;
}

export function FileChoice({ file, onChoose, columns, example, children }: FileChoiceProps): ReactNode {
  const [isTooLarge, setTooLarge] = useState(false);
  const take = async (given: File) => {
    setTooLarge(given.size > mostBytes);
    onChoose(undefined);
    if (given.size > mostBytes) return;
    onChoose({ name: given.name, ...textOf(new Uint8Array(await given.arrayBuffer())) });
  };
  return (
    <>
      <FileDrop
        hint={columns}
        label="Drop a CSV file here, or choose one"
        name={file?.name}
        onFile={(given) => void take(given)}
      />
      <details className={styles.example}>
        <summary>What such a file looks like</summary>
        <pre tabIndex={0}>{example}</pre>
        <p className={styles.quiet}>{children}</p>
      </details>
      {isTooLarge && (
        <Note isLine title="The file is larger than 64 MiB." tone="bad">
          Import it in parts.
        </Note>
      )}
      {file?.encoding === "windows-1252" && (
        <Note isLine title="The file is not in UTF-8.">
          It is read as Windows-1252. Look at names with accents before you import.
        </Note>
      )}
    </>
  );
}
