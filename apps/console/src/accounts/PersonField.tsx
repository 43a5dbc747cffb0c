// Choosing one person of an organisation, by the beginning of a name or username.

import type { OrganisationId, UserId } from "@lockstep/core";
import { Select } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { standingQuery, usersQuery } from "../api.ts";
import styles from "./can-i.module.css";

const restMilliseconds = 200;

interface PersonFieldProps {
  readonly organisationId: OrganisationId;
  readonly label: string;
  /** What is shown where nobody is chosen. */
  readonly placeholder: string;
  readonly value: UserId | undefined;
  readonly onChange: (userId: UserId | undefined) => void;
}

export function PersonField(props: PersonFieldProps): ReactNode {
  const { organisationId, label, placeholder, value, onChange } = props;
  const [text, setText] = useState("");
  const chosen = useChosen(organisationId, value);
  const [rested] = useDebouncedValue(text.trim(), restMilliseconds);
  // What stands in the field once somebody is chosen is a name, and nothing that is searched for.
  const search = rested === chosen?.label ? "" : rested;
  const { data } = useInfiniteQuery(usersQuery(organisationId, search === "" ? {} : { search }));
  const found = (data?.pages[0]?.users ?? []).map(({ id, name, username }) => ({
    value: id,
    label: name,
    username,
  }));
  const isThere = found.some(({ value: id }) => id === value);
  return (
    <Select
      clearable
      clearButtonProps={{ "aria-label": `Empty: ${label}` }}
      data={chosen && !isThere ? [chosen, ...found] : found}
      // The server has searched: by the beginnings of all words, accents left aside.
      filter={({ options }) => options}
      label={label}
      nothingFoundMessage="Nobody is called so."
      onChange={(id) => onChange(found.find((each) => each.value === id)?.value)}
      onSearchChange={setText}
      placeholder={placeholder}
      renderOption={({ option }) => (
        <span className={styles.option}>
          {option.label}
          <span className={styles.quiet}>{found.find((each) => each.value === option.value)?.username}</span>
        </span>
      )}
      searchable
      value={value ?? null}
    />
  );
}

function useChosen(organisationId: OrganisationId, userId: UserId | undefined) {
  const none = "00000000-0000-0000-0000-000000000000" as UserId;
  const { data } = useQuery({
    ...standingQuery(organisationId, userId ?? none),
    enabled: userId !== undefined,
  });
  if (userId === undefined || data === undefined) return undefined;
  return { value: userId, label: data.user.name, username: data.user.username };
}
