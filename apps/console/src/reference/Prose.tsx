// Sentences of the document, in which `code`, **weight** and lists are marked as in Markdown.

import type { ReactNode } from "react";

import styles from "./reference.module.css";

interface ProseProps {
  readonly children: string;
}

/** Within a line. */
export function Prose({ children }: ProseProps): ReactNode {
  const parts = children.split(/(`[^`]+`|\*\*[^*]+\*\*)/);
  return parts.map((part, at) => {
    // The parts of a sentence have no other names than their places.
    if (part.startsWith("`")) return <code key={at}>{part.slice(1, -1)}</code>;
    if (part.startsWith("**")) return <strong key={at}>{part.slice(2, -2)}</strong>;
    return part;
  });
}

/** Paragraphs and lists. */
export function LongProse({ children }: ProseProps): ReactNode {
  return (
    <div className={styles.prose}>
      {children.split("\n\n").map((block) =>
        block.startsWith("- ") ? (
          <ul key={block}>
            {block.split("\n").map((line) => (
              <li key={line}>
                <Prose>{line.slice(2)}</Prose>
              </li>
            ))}
          </ul>
        ) : (
          <p key={block}>
            <Prose>{block}</Prose>
          </p>
        ),
      )}
    </div>
  );
}
