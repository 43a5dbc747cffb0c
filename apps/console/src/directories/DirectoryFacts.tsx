// How a directory is reached and read, as it is set.

import type { Directory } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { teamsQuery } from "../api.ts";
import { Fact } from "../ui/Fact.tsx";
import { countOf } from "../ui/format.ts";
import { Moment } from "../ui/Moment.tsx";
import { Section } from "../ui/Section.tsx";
import { kindWords, modeWords, securityWords } from "./words.ts";
import styles from "./directories.module.css";

interface DirectoryFactsProps {
  readonly organisationId: OrganisationId;
  readonly directory: Directory;
}

export function DirectoryFacts({ organisationId, directory }: DirectoryFactsProps): ReactNode {
  const { kind, host, port, security, bindName, base, filter, mode, follows, signsIn } = directory;
  const { intervalMinutes, fullHours, guardLeast, guardPercent, nextRunAt, linked, missing, teamId } =
    directory;
  const { data } = useQuery(teamsQuery(organisationId));
  const team = data?.teams.find(({ id, parentId }) => (teamId === null ? parentId === null : id === teamId));
  return (
    <Section title="How it is read">
      <dl className={styles.facts}>
        <Fact name="Kind">{kindWords[kind]}</Fact>
        <Fact name="Address">
          {host}:{port}, {securityWords[security]}
        </Fact>
        <Fact name="Reads as">{bindName}</Fact>
        <Fact name="Base">{base}</Fact>
        <Fact name="Filter">
          <code className={styles.code}>{filter}</code>
        </Fact>
        <Fact name="Imports">
          {modeWords[mode]}
          {mode === "units" && (follows ? ", and they move with their units" : ", once")}
        </Fact>
        <Fact name="Where to">{team?.name ?? "the root team"}</Fact>
        <Fact name="Changes">every {countOf(intervalMinutes, "minute")}</Fact>
        <Fact name="Everything">every {countOf(fullHours, "hour")}</Fact>
        <Fact name="Guard">
          more than {guardLeast} and {guardPercent} % at once must be confirmed
        </Fact>
        <Fact name="Signing in">
          {signsIn ? "with the password there, but for those who hold a role" : "not by it"}
        </Fact>
        <Fact name="Linked">
          {countOf(linked, "user")}
          {missing > 0 && `, and ${missing} who ${missing === 1 ? "is" : "are"} gone`}
        </Fact>
        <Fact name="Next">{nextRunAt === null ? "when asked" : <Moment at={nextRunAt} />}</Fact>
      </dl>
    </Section>
  );
}
