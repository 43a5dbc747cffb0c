// The interface for whoever writes a program against it: noun by noun, from the document that the server gives.

import { Button, Skeleton } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useRouterState } from "@tanstack/react-router";
import { useCallback, useEffect, useState, type ReactNode } from "react";

import { Loaded } from "../Loaded.tsx";
import { countOf } from "../ui/format.ts";
import { Note } from "../ui/Note.tsx";
import { PageHead } from "../ui/PageHead.tsx";
import { SearchField } from "../ui/SearchField.tsx";
import { Section } from "../ui/Section.tsx";
import { referenceQuery, type Reference, type Schema } from "./document.ts";
import { Fields, Meaning } from "./Fields.tsx";
import { findOperations } from "./find.ts";
import { OperationDetails } from "./OperationDetails.tsx";
import { LongProse } from "./Prose.tsx";
import styles from "./reference.module.css";
import { Refusals } from "./Refusals.tsx";

export function ReferencePage(): ReactNode {
  useDocumentTitle("Reference · Lockstep");
  const reference = useQuery(referenceQuery());
  return (
    <Loaded isPage query={reference} skeleton={<Skeleton height={600} />}>
      {(read) => <Contents reference={read} />}
    </Loaded>
  );
}

const anchorOf = (noun: string) => noun.toLowerCase().replaceAll(" ", "-");

function Contents({ reference }: { readonly reference: Reference }): ReactNode {
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const nouns = findOperations(reference, typed);
  const shown = nouns.flatMap(({ operations }) => operations.map(({ id }) => id));
  const toggle = useCallback((id: string, isOpen: boolean) => setOpen(withOne(id, isOpen)), []);
  useNamedInAddress((id) => {
    setTyped("");
    toggle(id, true);
  });
  const isAllOpen = shown.every((id) => open.has(id));
  return (
    <>
      <PageHead title="Reference">
        <a className={styles.download} href="/api/v1/openapi.json">
          OpenAPI document
        </a>
      </PageHead>
      <div className={styles.layout}>
        <nav aria-label="Nouns" className={styles.contents}>
          {[...nouns.map(({ name }) => name), ...(typed === "" ? ["Shapes"] : [])].map((name) => (
            <a href={`#${anchorOf(name)}`} key={name}>
              {name}
            </a>
          ))}
        </nav>
        <div className={styles.body}>
          <div className={styles.filter}>
            <SearchField
              label="Find an operation"
              onChange={setTyped}
              placeholder="Find by path, field, role or code"
              value={typed}
            />
            <p role="status">{countOf(shown.length, "operation")}</p>
            <Button onClick={() => setOpen(new Set(isAllOpen ? [] : shown))}>
              {isAllOpen ? "Close all" : "Open all"}
            </Button>
          </div>
          {typed === "" && <Conventions reference={reference} />}
          {nouns.length === 0 && <Note title="No operation is like that.">Try a single word.</Note>}
          {nouns.map((noun) => (
            <Noun key={noun.name} noun={noun} open={open} shapes={reference.shapes} toggle={toggle} />
          ))}
          {typed === "" && <Shapes shapes={reference.shapes} />}
        </div>
      </div>
    </>
  );
}

/** The set itself where nothing changes: whatever is opened says so, also when the page has opened it. */
const withOne =
  (id: string, isOpen: boolean) =>
  (open: ReadonlySet<string>): ReadonlySet<string> => {
    if (open.has(id) === isOpen) return open;
    return new Set(isOpen ? [...open, id] : [...open].filter((each) => each !== id));
  };

interface NounProps {
  readonly noun: Reference["nouns"][number];
  readonly shapes: Reference["shapes"];
  readonly open: ReadonlySet<string>;
  readonly toggle: (id: string, isOpen: boolean) => void;
}

function Noun({ noun: { name, description, operations }, shapes, open, toggle }: NounProps): ReactNode {
  return (
    <section aria-label={name} className={styles.noun} id={anchorOf(name)}>
      <h2>{name}</h2>
      <p>{description}</p>
      <div className={styles.operations}>
        {operations.map((operation) => (
          <OperationDetails
            isOpen={open.has(operation.id)}
            key={operation.id}
            onToggle={toggle}
            operation={operation}
            shapes={shapes}
          />
        ))}
      </div>
    </section>
  );
}

/** Whatever the address names is opened and brought into view. */
function useNamedInAddress(open: (id: string) => void): void {
  const hash = useRouterState({ select: ({ location }) => location.hash });
  useEffect(() => {
    if (hash === "") return;
    open(hash);
    // After it has been opened.
    const frame = requestAnimationFrame(() => document.getElementById(hash)?.scrollIntoView());
    return () => cancelAnimationFrame(frame);
    // Only another address opens something: what is open is nothing to go by.
  }, [hash]);
}

function Conventions({ reference }: { readonly reference: Reference }): ReactNode {
  return (
    <>
      <Section aside={<span>Version {reference.version}</span>} title="How to call">
        <LongProse>{reference.description}</LongProse>
      </Section>
      <div id="every-call">
        <Section title="How every call can be refused">
          <div className={styles.everyCall}>
            <Refusals refusals={reference.everywhere} />
          </div>
        </Section>
      </div>
    </>
  );
}

function Shapes({ shapes }: Pick<Reference, "shapes">): ReactNode {
  return (
    <section aria-label="Shapes" className={styles.noun} id="shapes">
      <h2>Shapes</h2>
      <p>What has a name of its own in bodies and replies.</p>
      <div className={styles.operations}>
        {Object.entries(shapes).map(([name, schema]) => (
          <Shape key={name} name={name} schema={schema} />
        ))}
      </div>
    </section>
  );
}

function Shape({ name, schema }: { readonly name: string; readonly schema: Schema }): ReactNode {
  return (
    <section aria-label={name} className={styles.shape} id={name}>
      <h3>{name}</h3>
      <Meaning schema={schema} />
      <Fields marks="optional" schema={schema} />
    </section>
  );
}
