// One operation: a line that says what it does, and below it, when it is open, everything about calling it.

import { memo, type ReactNode } from "react";

import { ChevronIcon } from "../ui/icons.tsx";
import { CurlExample } from "./CurlExample.tsx";
import { curlOf } from "./curl.ts";
import type { Operation, Parameter, Reference, Schema } from "./document.ts";
import { Fields, Meaning, OneField, Type } from "./Fields.tsx";
import { Prose } from "./Prose.tsx";
import { Refusals } from "./Refusals.tsx";
import { resolved } from "./schema.ts";
import styles from "./reference.module.css";

interface OperationDetailsProps {
  readonly operation: Operation;
  readonly shapes: Reference["shapes"];
  readonly isOpen: boolean;
  readonly onToggle: (id: string, isOpen: boolean) => void;
}

/** There are many of them: one that stays as it is is not rendered anew. */
export const OperationDetails = memo(function OperationDetails({
  operation,
  shapes,
  isOpen,
  onToggle,
}: OperationDetailsProps): ReactNode {
  const { id, method, path, summary } = operation;
  return (
    <details
      className={styles.operation}
      id={id}
      onToggle={({ currentTarget }) => onToggle(id, currentTarget.open)}
      open={isOpen}
    >
      <summary>
        <h3>
          <ChevronIcon />
          <span className={styles.method}>{method}</span>
          <code className={styles.path}>
            <Path path={path} />
          </code>
        </h3>
        <p>{summary}</p>
      </summary>
      {isOpen && <Call operation={operation} shapes={shapes} />}
    </details>
  );
});

/** It may be broken after each of its parts. */
function Path({ path }: Pick<Operation, "path">): ReactNode {
  return path.split(/(?=\/)/).map((part, at) => (
    <span className={part.startsWith("/{") ? styles.variable : undefined} key={at}>
      {part}
      <wbr />
    </span>
  ));
}

function Call({ operation, shapes }: Pick<OperationDetailsProps, "operation" | "shapes">): ReactNode {
  const { id, who, parameters, body, reply, refusals } = operation;
  return (
    <div className={styles.call}>
      <p className={styles.who}>
        <span>
          <b>Who may</b> <Prose>{who}</Prose>
        </span>
        <a aria-label={`Link to ${id}`} href={`#${id}`}>
          #{id}
        </a>
      </p>
      <Parameters parameters={parameters} shapes={shapes} />
      {body !== undefined && (
        <Part title="Body" what={body.description}>
          <Payload marks="required" schema={body.schema} shapes={shapes} />
        </Part>
      )}
      <Part title="Reply" what={<ReplyLine {...reply} />}>
        {reply.schema !== undefined && <Payload marks="optional" schema={reply.schema} shapes={shapes} />}
      </Part>
      {refusals.length > 0 && (
        <Part title="Refusals" what={<a href="#every-call">and those of every call</a>}>
          <Refusals refusals={refusals} />
        </Part>
      )}
      <Part title="Example">
        <CurlExample text={curlOf(operation, shapes, location.origin)} />
      </Part>
    </div>
  );
}

interface PartProps {
  readonly title: string;
  readonly what?: ReactNode;
  readonly children: ReactNode;
}

function Part({ title, what, children }: PartProps): ReactNode {
  return (
    <div className={styles.part}>
      <h4>
        {title} {what !== undefined && <span>{what}</span>}
      </h4>
      {children}
    </div>
  );
}

const places = { path: "in the path", query: "in the query", header: "in a header" } as const;

function Parameters({
  parameters,
  shapes,
}: Pick<Operation, "parameters"> & Pick<Reference, "shapes">): ReactNode {
  if (parameters.length === 0) return null;
  const fieldOf = ({ name, required, description, schema }: Parameter) => (
    <OneField
      isRequired={required}
      key={name}
      marks="required"
      name={name}
      schema={{ ...schema, description: description ?? schema.description }}
      shapes={shapes}
    />
  );
  return Object.entries(places).map(([place, words]) => {
    const those = parameters.filter((each) => each.in === place);
    return (
      those.length > 0 && (
        <Part key={place} title="Parameters" what={words}>
          <ul className={styles.fields}>{those.map(fieldOf)}</ul>
        </Part>
      )
    );
  });
}

function ReplyLine({ status, headers, description }: Operation["reply"]): ReactNode {
  return (
    <>
      <span className={styles.status}>{status}</span> {description}
      {headers.length > 0 && ` With the header ${headers.join(" and ")}.`}
    </>
  );
}

interface PayloadProps {
  readonly schema: Schema;
  readonly shapes: Reference["shapes"];
  readonly marks: "required" | "optional";
}

/** A shape that has a name of its own is named, and shown here all the same. */
function Payload({ schema, shapes, marks }: PayloadProps): ReactNode {
  const shape = resolved(schema, shapes);
  return (
    <>
      {schema.$ref !== undefined && (
        <p className={styles.meaning}>
          <Type schema={schema} />
        </p>
      )}
      {schema.$ref !== undefined && <Meaning schema={shape} />}
      <Fields marks={marks} schema={shape} shapes={marks === "required" ? shapes : undefined} />
    </>
  );
}
