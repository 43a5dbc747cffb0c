// What a new organisation needs, in the order that works best; gone once it has it.

import type { Counts } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { keysQuery, licencesQuery, teamsQuery } from "../api.ts";
import { useRights } from "../sessions/rights.ts";
import { totalOf } from "../standing/total.ts";
import { CheckIcon } from "../ui/icons.tsx";
import { Section } from "../ui/Section.tsx";
import styles from "./organisations.module.css";

interface BeginningProps {
  readonly organisationId: OrganisationId;
  /** Of all users of the organisation or of those that are looked at; undefined while they load. */
  readonly counts: Counts | undefined;
}

const places = {
  teams: "/organisations/$organisationId/teams",
  import: "/organisations/$organisationId/import",
  licences: "/organisations/$organisationId/licences",
  keys: "/organisations/$organisationId/keys",
} as const;

const steps = [
  {
    place: "teams",
    title: "Teams",
    about: "The tree that people are in. Each team inherits policy and keys from the one above.",
  },
  {
    place: "import",
    title: "People",
    about: "From a file with a row for each, or one by one with “Add a user”.",
  },
  {
    place: "licences",
    title: "A licence",
    about: "A pool of seats with a last day. Whoever holds no seat is light grey.",
  },
  {
    place: "keys",
    title: "Keys",
    about: "What files are encrypted with, in groups that are given to teams.",
  },
] as const;

export function Beginning({ organisationId, counts }: BeginningProps): ReactNode {
  const may = useRights();
  const isConcerned = may("edit-licences").allowed && may("edit-people").allowed;
  const there = useWhatIsThere(organisationId, isConcerned);
  if (!isConcerned || counts === undefined || there === undefined) return null;
  const { teams, licences, keys } = there;
  // The first administrator is somebody, and not yet the people that the organisation is for.
  const hasPeople = totalOf(counts) > 1;
  // Teams are wanted, but not needed.
  if (hasPeople && licences > 0 && keys > 0) return null;
  const isDone = {
    teams: teams > 1,
    import: hasPeople,
    licences: licences > 0,
    keys: keys > 0,
  };
  return (
    <Section title="A beginning">
      <ol className={styles.beginning}>
        {steps.map((step, at) => (
          <Step
            at={at}
            isDone={isDone[step.place]}
            key={step.place}
            organisationId={organisationId}
            {...step}
          />
        ))}
      </ol>
    </Section>
  );
}

/** How many there are of each; undefined while that is not known. */
function useWhatIsThere(organisationId: OrganisationId, enabled: boolean) {
  const teams = useQuery({ ...teamsQuery(organisationId), enabled }).data?.teams.length;
  const licences = useQuery({ ...licencesQuery(organisationId), enabled }).data?.licences.length;
  const keys = useQuery({ ...keysQuery(organisationId), enabled }).data?.keys.length;
  if (teams === undefined || licences === undefined || keys === undefined) return undefined;
  return { teams, licences, keys };
}

type StepProps = (typeof steps)[number] & {
  readonly organisationId: OrganisationId;
  readonly at: number;
  readonly isDone: boolean;
};

function Step({ organisationId, at, isDone, place, title, about }: StepProps): ReactNode {
  const verb = isDone ? "Open" : "Begin";
  return (
    <li data-done={isDone}>
      <p className={styles.beginningTitle}>
        <span aria-hidden="true" className={styles.mark}>
          {isDone ? <CheckIcon /> : at + 1}
        </span>
        {title}
        {isDone && <span className={styles.done}>done</span>}
      </p>
      <p className={styles.about}>{about}</p>
      <Button
        aria-label={`${verb}: ${title}`}
        renderRoot={(props) => <Link params={{ organisationId }} to={places[place]} {...props} />}
      >
        {verb}
      </Button>
    </li>
  );
}
