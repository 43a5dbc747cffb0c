// One team out of the tree, or all of them.

import { Select } from "@mantine/core";
import { isId, type OrganisationId, type TeamId } from "@lockstep/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, type ReactNode } from "react";

import { teamsQuery } from "../api.ts";
import styles from "./teams.module.css";
import { treeOf } from "./tree.ts";

/** More than anybody reads; the others are found by typing. */
const shownAtOnce = 300;

interface TeamSelectorProps {
  readonly organisationId: OrganisationId;
  readonly value: TeamId | undefined;
  readonly onChange: (team: TeamId | undefined) => void;
}

export function TeamSelector({ organisationId, value, onChange }: TeamSelectorProps): ReactNode {
  const { data } = useQuery(teamsQuery(organisationId));
  const tree = useMemo(() => treeOf(data?.teams ?? []), [data]);
  const depths = useMemo(
    () => new Map<string, number>(tree.map(({ team, depth }) => [team.id, depth])),
    [tree],
  );
  return (
    <Select
      aria-label="Team"
      className={styles.selector ?? ""}
      clearable
      clearButtonProps={{ "aria-label": "All teams" }}
      data={tree.map(({ team }) => ({ value: team.id, label: team.name }))}
      limit={shownAtOnce}
      maxDropdownHeight={360}
      nothingFoundMessage="No team is called so"
      onChange={(team) => onChange(isId(team) ? team : undefined)}
      placeholder="All teams"
      renderOption={({ option }) => (
        <span className={styles.option} style={{ paddingInlineStart: (depths.get(option.value) ?? 0) * 16 }}>
          {option.label}
        </span>
      )}
      searchable
      value={value ?? null}
    />
  );
}
