// Everybody who was seen in a directory: who is a user here, who is not yet, and who is left alone.

import type { Directory, DirectoryEntry } from "@lockstep/api";
import { Button, Checkbox, NativeSelect, Skeleton } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";

import { Loaded } from "../Loaded.tsx";
import { ShowMore } from "../ShowMore.tsx";
import { useRights } from "../sessions/rights.ts";
import { countOf } from "../ui/format.ts";
import { Note } from "../ui/Note.tsx";
import { SearchField } from "../ui/SearchField.tsx";
import { Section } from "../ui/Section.tsx";
import { Cell, HeadCell, Table, TableFoot, TickCell } from "../ui/Table.tsx";
import ui from "../ui/ui.module.css";
import { listedStates, type EntryFilter } from "./address.ts";
import { useChosen, type Chosen } from "./chosen.ts";
import { ImportDialog } from "./ImportDialog.tsx";
import { LinkDialog } from "./LinkDialog.tsx";
import { PeopleBar } from "./PeopleBar.tsx";
import { entriesQuery, type Place } from "./queries.ts";
import styles from "./directories.module.css";

type ObjectId = DirectoryEntry["objectId"];

const route = getRouteApi("/organisations/$organisationId/directories/$directoryId");

const listedWords = { unlinked: "Not linked", linked: "Linked", ignored: "Ignored" } as const;

interface PeopleProps {
  readonly place: Place;
  readonly directory: Directory;
}

export function People({ place, directory }: PeopleProps): ReactNode {
  const filter = route.useSearch();
  const query = useInfiniteQuery(entriesQuery(place, filter));
  const chosen = useChosen<ObjectId>(JSON.stringify(filter));
  const mayEdit = useRights()("edit-directory").allowed;
  return (
    <Section
      aside={mayEdit && <QuickImport directory={directory} place={place} />}
      title="People in the directory"
    >
      <FilterLine filter={filter} />
      <Loaded query={query} skeleton={<Skeleton height={240} />}>
        {({ pages }) => (
          <List
            chosen={mayEdit ? chosen : undefined}
            directory={directory}
            entries={pages.flatMap((page) => page.entries)}
            filter={filter}
            place={place}
            query={query}
          />
        )}
      </Loaded>
    </Section>
  );
}

function QuickImport({ place, directory }: PeopleProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button onClick={() => setOpen(true)}>Import everybody</Button>
      {isOpen && <ImportDialog directory={directory} onClose={() => setOpen(false)} place={place} />}
    </>
  );
}

function FilterLine({ filter }: { readonly filter: EntryFilter }): ReactNode {
  const navigate = route.useNavigate();
  const narrow = (change: EntryFilter) =>
    void navigate({ search: (former) => ({ ...former, ...change }), replace: true, resetScroll: false });
  return (
    <div className={styles.filter} role="search">
      <NativeSelect
        aria-label="Which of them"
        data={[
          { value: "", label: "All of them" },
          ...listedStates.map((state) => ({ value: state, label: listedWords[state] })),
        ]}
        onChange={({ currentTarget: { value } }) =>
          narrow({ state: listedStates.find((state) => state === value) })
        }
        value={filter.state ?? ""}
      />
      <SearchField
        label="Search by the beginning of a name or username"
        onChange={(text) => narrow({ search: text === "" ? undefined : text })}
        value={filter.search ?? ""}
      />
    </div>
  );
}

interface ListProps extends PeopleProps {
  readonly filter: EntryFilter;
  readonly entries: readonly DirectoryEntry[];
  /** Left out: nothing can be decided about anybody. */
  readonly chosen: Chosen<ObjectId> | undefined;
  readonly query: {
    readonly isPlaceholderData: boolean;
    readonly hasNextPage: boolean;
    readonly isFetchingNextPage: boolean;
    readonly fetchNextPage: () => Promise<unknown>;
  };
}

function List({ place, directory, filter, entries, chosen, query }: ListProps): ReactNode {
  const [linking, setLinking] = useState<DirectoryEntry | null>(null);
  if (entries.length === 0) return <Nobody filter={filter} />;
  return (
    <div aria-busy={query.isPlaceholderData}>
      {chosen && <PeopleBar chosen={chosen} directory={directory} place={place} />}
      <Table
        caption="People in the directory"
        columns={["Name", "State", "Place", "(Actions)"]}
        {...(chosen && { tick: <TickAll chosen={chosen} entries={entries} /> })}
      >
        {entries.map((entry) => (
          <EntryRow chosen={chosen} entry={entry} key={entry.objectId} onLink={setLinking} place={place} />
        ))}
      </Table>
      <TableFoot action={<ShowMore query={query} />}>
        {query.hasNextPage && "The first "}
        {countOf(entries.length, "person", "people")}
      </TableFoot>
      {linking && <LinkDialog entry={linking} onClose={() => setLinking(null)} place={place} />}
    </div>
  );
}

interface TickAllProps {
  readonly chosen: Chosen<ObjectId>;
  readonly entries: readonly DirectoryEntry[];
}

function TickAll({ chosen, entries }: TickAllProps): ReactNode {
  const ids = entries.map(({ objectId }) => objectId);
  return (
    <Checkbox
      aria-label="Choose all that are shown"
      checked={ids.every((id) => chosen.has(id))}
      onChange={({ currentTarget: { checked } }) => chosen.turn(ids, checked)}
    />
  );
}

function Nobody({ filter: { state, search } }: { readonly filter: EntryFilter }): ReactNode {
  if (state === undefined && search === undefined) {
    return (
      <Note title="Nobody was seen in it yet.">
        Press “Sync now” to read it. A dry run says what that would do, and changes nothing.
      </Note>
    );
  }
  return <Note title="Nobody found" />;
}

interface EntryRowProps {
  readonly place: Place;
  readonly entry: DirectoryEntry;
  readonly chosen: Chosen<ObjectId> | undefined;
  readonly onLink: (entry: DirectoryEntry) => void;
}

function EntryRow({ place, entry, chosen, onLink }: EntryRowProps): ReactNode {
  const { objectId, name, username, place: dn, state, isGone, userId } = entry;
  const shown = name === "" ? (username ?? dn) : name;
  return (
    <tr>
      {chosen && (
        <TickCell>
          <Checkbox
            aria-label={`Choose ${shown}`}
            checked={chosen.has(objectId)}
            onChange={({ currentTarget: { checked } }) => chosen.turn([objectId], checked)}
          />
        </TickCell>
      )}
      <HeadCell about={username ?? "no username"}>
        {userId === null ? (
          shown
        ) : (
          <Link
            className={ui.link}
            params={{ organisationId: place.organisationId, userId }}
            to="/organisations/$organisationId/users/$userId"
          >
            {shown}
          </Link>
        )}
      </HeadCell>
      <Cell narrow="line">{wordsOfEntry(entry)}</Cell>
      <Cell narrow="line">
        <span className={styles.place}>{dn}</span>
      </Cell>
      <Cell isTight narrow="corner">
        {chosen && state === "unlinked" && !isGone && (
          <Button aria-label={`Link ${shown}`} onClick={() => onLink(entry)}>
            Link
          </Button>
        )}
      </Cell>
    </tr>
  );
}

function wordsOfEntry({ state, isGone, isDisabled, isChosen }: DirectoryEntry): string {
  return [
    listedWords[state],
    ...(isChosen ? ["chosen"] : []),
    ...(isDisabled ? ["disabled there"] : []),
    ...(isGone ? ["gone"] : []),
  ].join(", ");
}
