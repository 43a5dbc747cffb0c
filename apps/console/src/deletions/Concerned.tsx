// What a deletion would take, counted: of an authority for each organisation, too.

import type { DeletionPreview } from "@lockstep/api";
import type { ReactNode } from "react";

import { countOf, wordsOfNumber } from "../ui/format.ts";
import { Section } from "../ui/Section.tsx";
import { Cell, HeadCell, Table } from "../ui/Table.tsx";
import type { Whole } from "./queries.ts";
import styles from "./deletions.module.css";

interface ConcernedProps {
  readonly kind: Whole["kind"];
  readonly preview: DeletionPreview;
}

export function Concerned({ kind, preview }: ConcernedProps): ReactNode {
  const { people, accounts, administrators, workstations, seats, keys } = preview;
  return (
    <Section title="What it takes">
      <dl className={styles.tiles}>
        <Tile count={people} name="People" to="are erased but for their usernames" />
        <Tile count={accounts} name="Accounts" to="sign in nowhere any more, at once" />
        <Tile count={administrators} name="In a role" to="lose it" />
        <Tile count={workstations} name="Workstations" to="are posted a wipe" />
        <Tile count={seats} name="Seats" to="end with their licences" />
        <Tile count={keys} name="Keys" to="are destroyed: no file opens any more" />
      </dl>
      <p className={styles.about}>
        It happens at once and for ever, and nobody brings it back. Erasing everybody follows in the
        background; its progress stands on the page “Installation”.
      </p>
      {kind === "authority" && <Organisations organisations={preview.organisations} />}
    </Section>
  );
}

interface TileProps {
  readonly count: number;
  readonly name: string;
  readonly to: string;
}

function Tile({ count, name, to }: TileProps): ReactNode {
  return (
    <div data-empty={count === 0}>
      <dt>{name}</dt>
      <dd>
        <strong>{wordsOfNumber(count)}</strong>
        <span>{to}</span>
      </dd>
    </div>
  );
}

function Organisations({ organisations }: Pick<DeletionPreview, "organisations">): ReactNode {
  return (
    <Table
      caption="What it takes of each organisation"
      columns={["Organisation", "People", "Workstations", "Keys"]}
    >
      {organisations.map(({ id, name, people, workstations, keys }) => (
        <tr key={id}>
          <HeadCell>{name}</HeadCell>
          <Cell narrow="line">{countOf(people, "person", "people")}</Cell>
          <Cell narrow="line">{countOf(workstations, "workstation")}</Cell>
          <Cell narrow="line">{countOf(keys, "key")}</Cell>
        </tr>
      ))}
    </Table>
  );
}
