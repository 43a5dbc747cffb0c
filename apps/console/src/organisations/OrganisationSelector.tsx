// The organisation's name; a choice where there are several.

import { Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { organisationsQuery } from "../api.ts";
import { useCurrentOrganisation } from "./current.ts";
import styles from "./organisations.module.css";

const stateWords = { enabled: null, disabled: "Switched off", deleted: "Deleted" } as const;

export function OrganisationSelector(): ReactNode {
  const { data } = useQuery(organisationsQuery());
  const current = useCurrentOrganisation();
  const navigate = useNavigate();
  if (data === undefined || data.organisations.length === 0) return null;
  const state = current === undefined ? null : stateWords[current.state];
  const mark = state !== null && <span className={styles.state}>{state}</span>;
  if (data.organisations.length === 1 && current !== undefined) {
    return (
      <span className={styles.only}>
        <span className={styles.name}>{current.name}</span>
        {mark}
      </span>
    );
  }
  return (
    <span className={styles.only}>
      <Select
        allowDeselect={false}
        aria-label="Organisation"
        classNames={{ input: styles.input ?? "" }}
        data={data.organisations.map(({ id, name }) => ({ value: id, label: name }))}
        limit={200}
        nothingFoundMessage="No organisation is called so"
        onChange={(organisation) =>
          void navigate({ to: "/", search: { organisation: organisation ?? undefined } })
        }
        searchable
        size="xs"
        value={current?.id ?? null}
        variant="unstyled"
      />
      {mark}
    </span>
  );
}
