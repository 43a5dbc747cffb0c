// Choosing some people by searching for them; who was chosen stays so while one searches for others.

import type { UserRow } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Checkbox, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { usersQuery } from "../api.ts";
import { StatusChip } from "../standing/StatusChip.tsx";
import styles from "./dialogs.module.css";

const restMilliseconds = 200;
const shownAtOnce = 30;

interface PeopleSearchProps {
  readonly organisationId: OrganisationId;
  readonly chosen: readonly UserRow[];
  readonly onChoose: (users: readonly UserRow[]) => void;
}

export function PeopleSearch({ organisationId, chosen, onChoose }: PeopleSearchProps): ReactNode {
  const [text, setText] = useState("");
  const [search] = useDebouncedValue(text.trim(), restMilliseconds);
  const { data } = useInfiniteQuery(usersQuery(organisationId, search === "" ? {} : { search }));
  const found = data?.pages[0]?.users.slice(0, shownAtOnce) ?? [];
  const others = chosen.filter(({ id }) => !found.some((user) => user.id === id));
  const toggle = (user: UserRow) => {
    const without = chosen.filter(({ id }) => id !== user.id);
    onChoose(without.length === chosen.length ? [...chosen, user] : without);
  };
  return (
    <div className={styles.people}>
      <TextInput
        label="People"
        maxLength={100}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={(event) => {
          // What is searched for is not yet what is wanted.
          if (event.key === "Enter") event.preventDefault();
        }}
        placeholder="Search by name or username"
        spellCheck={false}
        value={text}
      />
      <ul aria-label="People found">
        {[...others, ...found].map((user) => (
          <li key={user.id}>
            <Checkbox
              checked={chosen.some(({ id }) => id === user.id)}
              description={`${user.username} · ${user.team}`}
              label={user.name}
              onChange={() => toggle(user)}
            />
            <StatusChip status={user.encryption} />
          </li>
        ))}
        {found.length === 0 && <li className={styles.quiet}>Nobody is called so.</li>}
      </ul>
    </div>
  );
}
