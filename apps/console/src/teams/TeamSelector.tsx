// One team out of the tree, or none of them.

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
  /** Shown above it. Without one it stands for all teams when nothing is chosen. */
  readonly label?: string;
  readonly description?: string;
  /** What choosing none means; without it one must be chosen. */
  readonly placeholder?: string;
  /** Those that may be chosen. */
  readonly isOffered?: (team: TeamId) => boolean;
}

export function TeamSelector(props: TeamSelectorProps): ReactNode {
  const { organisationId, value, onChange, label, description, placeholder, isOffered } = props;
  const { data } = useQuery(teamsQuery(organisationId));
  const tree = useMemo(() => treeOf(data?.teams ?? []), [data]);
  const depths = useMemo(
    () => new Map<string, number>(tree.map(({ team, depth }) => [team.id, depth])),
    [tree],
  );
  const isField = label !== undefined;
  return (
    <Select
      {...(isField ? { label, description, required: placeholder === undefined } : { "aria-label": "Team" })}
      className={isField ? "" : (styles.selector ?? "")}
      clearable={!isField}
      clearButtonProps={{ "aria-label": "All teams" }}
      // Above everything, so that a dialog does not cut it off.
      comboboxProps={{ shadow: "md", offset: 4, withinPortal: false, floatingStrategy: "fixed" }}
      data={tree
        .filter(({ team }) => isOffered?.(team.id) ?? true)
        .map(({ team }) => ({ value: team.id, label: team.name }))}
      limit={shownAtOnce}
      maxDropdownHeight={360}
      nothingFoundMessage="No team is called so"
      onChange={(team) => onChange(isId(team) ? team : undefined)}
      placeholder={placeholder ?? (isField ? "Choose a team" : "All teams")}
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
