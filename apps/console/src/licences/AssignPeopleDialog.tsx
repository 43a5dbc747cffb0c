// Giving seats of one licence to everybody of a team who has none, or to people who are searched for.

import { licences, type Licence, type UserRow } from "@lockstep/api";
import type { OrganisationId, TeamId, UserId } from "@lockstep/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { call, countsQuery } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { TeamSelector } from "../teams/TeamSelector.tsx";
import { Alternatives } from "../ui/Alternatives.tsx";
import { countOf } from "../ui/format.ts";
import { PeopleSearch } from "../users/PeopleSearch.tsx";
import { gatherUsers, mostSelected } from "../users/selection.ts";
import { freeSeats } from "./words.ts";
import styles from "./licences.module.css";

const ways = [
  { value: "team", label: "A team" },
  { value: "people", label: "Some people" },
] as const;

interface AssignPeopleDialogProps {
  readonly organisationId: OrganisationId;
  readonly licence: Licence;
  readonly onClose: () => void;
}

export function AssignPeopleDialog({ organisationId, licence, onClose }: AssignPeopleDialogProps): ReactNode {
  const [way, setWay] = useState<(typeof ways)[number]["value"]>("team");
  const [team, setTeam] = useState<TeamId>();
  const [people, setPeople] = useState<readonly UserRow[]>([]);
  const unlicensed = useUnlicensed(organisationId, way === "team" ? team : undefined);
  const wanted = way === "team" ? unlicensed : people.length;
  const free = freeSeats(licence);
  const assign = useChange(organisationId, async () => {
    const those =
      way === "people" || team === undefined
        ? people
        : await gatherUsers(organisationId, { status: "unlicensed", team });
    const userIds: UserId[] = those.map(({ id }) => id);
    return call(licences.assignLicence, {
      params: { organisationId, licenceId: licence.id },
      body: { userIds },
    });
  });
  const isTooMany = wanted !== undefined && (wanted > free || wanted > mostSelected);
  return (
    <FormDialog
      action={wanted ? `Assign ${countOf(wanted, "seat")}` : "Assign"}
      change={assign}
      isReady={wanted !== undefined && wanted > 0 && !isTooMany}
      onClose={onClose}
      onSubmit={(close) => assign.mutate(undefined, { onSuccess: close })}
      title={`Assign seats of ${licence.edition}`}
    >
      <Alternatives choices={ways} label="To" onChange={setWay} value={way} />
      {way === "team" ? (
        <TeamSelector label="Team" onChange={setTeam} organisationId={organisationId} value={team} />
      ) : (
        <PeopleSearch chosen={people} onChoose={setPeople} organisationId={organisationId} />
      )}
      <p aria-live="polite" className={isTooMany ? styles.bad : styles.quiet}>
        {wordsOf(way, wanted)} {countOf(free, "seat is", "seats are")} free
        {isTooMany && ": all get one, or nobody"}.
      </p>
    </FormDialog>
  );
}

function wordsOf(way: "team" | "people", wanted: number | undefined): string {
  if (way === "people") return `${countOf(wanted ?? 0, "user")} chosen.`;
  if (wanted === undefined) return "Everybody in it and below who holds no licence gets a seat.";
  return `${countOf(wanted, "user")} in it and below ${wanted === 1 ? "holds" : "hold"} no licence.`;
}

/** How many in a team hold no licence; undefined while that is not known. */
function useUnlicensed(organisationId: OrganisationId, team: TeamId | undefined): number | undefined {
  const { data } = useQuery(countsQuery(organisationId, team ?? null));
  return data?.counts.encryption.unlicensed;
}
