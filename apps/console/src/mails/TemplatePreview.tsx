// A mail as somebody made up would read it. The HTML stands in a frame in which nothing runs and nothing leads anywhere.

import type { mailTemplates } from "@lockstep/api";
import type { UseQueryResult } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import type { z } from "zod";

import { Refused } from "../changes/Refused.tsx";
import { Alternatives } from "../ui/Alternatives.tsx";
import { Note } from "../ui/Note.tsx";
import { Section } from "../ui/Section.tsx";
import { misfitOf } from "./template-draft.ts";
import styles from "./templates.module.css";

type Rendered = z.output<typeof mailTemplates.previewMailTemplate.reply>;

interface TemplatePreviewProps {
  readonly preview: UseQueryResult<Rendered>;
}

const forms = [
  { value: "html", label: "HTML" },
  { value: "text", label: "Plain text" },
] as const;

export function TemplatePreview({ preview }: TemplatePreviewProps): ReactNode {
  const { data, error } = preview;
  const [form, setForm] = useState<"html" | "text">("html");
  return (
    <Section title="Preview">
      <div className={styles.preview}>
        <Alternatives choices={forms} label="Shown as" onChange={setForm} value={form} />
        {error !== null && <NoPreview error={error} />}
        {data !== undefined && error === null && (
          <article aria-busy={preview.isFetching} aria-label="The mail" className={styles.mail}>
            <p className={styles.subject}>{data.subject}</p>
            {form === "html" ? (
              <iframe sandbox="" srcDoc={leadingNowhere(data.html)} title="The mail as HTML" />
            ) : (
              // A region that scrolls is one that the keyboard reaches.
              <pre aria-label="The mail as plain text" role="region" tabIndex={0}>
                {data.text}
              </pre>
            )}
          </article>
        )}
      </div>
    </Section>
  );
}

const anyWords = { subject: "", text: "", button: null };

/** What does not fit is said at its field. */
function NoPreview({ error }: { readonly error: Error }): ReactNode {
  if (misfitOf(error, anyWords) === null) return <Refused error={error} />;
  return <Note isLine title="No preview yet: something does not fit." />;
}

/** A frame without the right to open windows goes nowhere when a link in it is pressed. */
function leadingNowhere(html: string): string {
  return html.replace("<head>", '<head><base target="_blank">');
}
