// What an object is made of: each field with its type, bounds and meaning, and what is in it below it.

import type { ReactNode } from "react";

import type { Reference, Schema } from "./document.ts";
import { Prose } from "./Prose.tsx";
import { boundsOf, fieldsOf, resolved, typeOf, withoutNull, type Field } from "./schema.ts";
import styles from "./reference.module.css";

interface FieldsProps {
  readonly schema: Schema;
  /** Of two kinds of fields the rarer one is marked: what must be sent, and what may be missing in a reply. */
  readonly marks: "required" | "optional";
  /** To show what has a name of its own here as well, and not only to name it. */
  readonly shapes?: Reference["shapes"] | undefined;
}

/** Of a choice of objects, each one. */
export function Fields({ schema, marks, shapes }: FieldsProps): ReactNode {
  if (schema.oneOf !== undefined) {
    // A description stays in its order, and what tells the objects apart is named differently in each choice.
    return schema.oneOf.map((each, at) => <Fields key={at} marks={marks} schema={each} shapes={shapes} />);
  }
  const fields = fieldsOf(schema);
  if (fields.length === 0) return null;
  return (
    <ul className={styles.fields}>
      {fields.map((field) => (
        <OneField key={field.name} marks={marks} shapes={shapes} {...field} />
      ))}
    </ul>
  );
}

/** A field, or anything else that has a name and a schema. */
export function OneField({ name, isRequired, schema, marks, shapes }: Field & FieldsProps): ReactNode {
  const shown = shapes === undefined ? schema : resolved(schema, shapes);
  const isMarked = isRequired === (marks === "required");
  return (
    <li className={styles.field}>
      <p className={styles.fieldHead}>
        <code className={styles.fieldName}>{name}</code>
        <Type schema={schema} />
        {isMarked && <span className={styles.mark}>{marks}</span>}
      </p>
      <div>
        <Meaning schema={shown} />
        <Fields marks={marks} schema={shown} shapes={shapes} />
      </div>
    </li>
  );
}

export function Type({ schema }: Pick<FieldsProps, "schema">): ReactNode {
  return (
    <span className={styles.type}>
      {typeOf(schema).map((part) =>
        typeof part === "string" ? (
          part
        ) : (
          <a href={`#${part.shape}`} key={part.shape}>
            {part.shape}
          </a>
        ),
      )}
    </span>
  );
}

/** What a value means, and which ones are allowed. */
export function Meaning({ schema }: Pick<FieldsProps, "schema">): ReactNode {
  const { description } = schema;
  const bounds = boundsOf(withoutNull(schema));
  return (
    <>
      {description !== undefined && (
        <p className={styles.meaning}>
          <Prose>{description}</Prose>
        </p>
      )}
      {bounds.length > 0 && <p className={styles.bounds}>{bounds.join(" · ")}</p>}
      <Values schema={withoutNull(schema)} />
    </>
  );
}

function Values({ schema }: Pick<FieldsProps, "schema">): ReactNode {
  const { enum: values, "x-enum-descriptions": sentences } = schema.items ?? schema;
  if (values === undefined) return null;
  if (sentences === undefined) {
    return (
      <p className={styles.values}>
        {values.map((value) => (
          <code key={value}>{value}</code>
        ))}
      </p>
    );
  }
  return (
    <dl className={styles.valueList}>
      {values.map((value, at) => (
        <div key={value}>
          <dt>
            <code>{value}</code>
          </dt>
          <dd>{sentences[at]}</dd>
        </div>
      ))}
    </dl>
  );
}
