// The licence whose seat a user holds, and giving or taking one.

import type { Licence, User } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { licencesQuery } from "../api.ts";
import { AssignDialog } from "../licences/AssignDialog.tsx";
import { ReturnSeatsDialog } from "../licences/ReturnSeatsDialog.tsx";
import { stateWords, wordsOfEnd } from "../licences/words.ts";
import { useRights } from "../sessions/rights.ts";
import styles from "./user.module.css";

interface SeatProps {
  readonly organisationId: OrganisationId;
  readonly user: User;
}

export function Seat({ organisationId, user }: SeatProps): ReactNode {
  const may = useRights();
  const { data } = useQuery({
    ...licencesQuery(organisationId),
    enabled: user.licenceId !== null && may("read-licences").allowed,
  });
  const [isReturning, setReturning] = useState(false);
  // Giving one is the next step, and stands there.
  if (user.licenceId === null) return "none";
  const licence = data?.licences.find(({ id }) => id === user.licenceId);
  return (
    <>
      {licence === undefined ? "one seat" : wordsOf(licence)}
      {may("edit-licences").allowed && (
        <Button className={styles.inline ?? ""} onClick={() => setReturning(true)}>
          Return the seat
        </Button>
      )}
      {isReturning && (
        <ReturnSeatsDialog
          onClose={() => setReturning(false)}
          organisationId={organisationId}
          users={[user]}
        />
      )}
    </>
  );
}

const wordsOf = (licence: Licence): string =>
  `${licence.edition}, ${licence.state === "valid" ? wordsOfEnd(licence, new Date()) : stateWords[licence.state].toLowerCase()}`;

interface AssignButtonProps {
  readonly organisationId: OrganisationId;
  readonly user: Pick<User, "id" | "name">;
}

export function AssignButton({ organisationId, user }: AssignButtonProps): ReactNode {
  const [isOpen, setOpen] = useState(false);
  if (!useRights()("edit-licences").allowed) return null;
  return (
    <>
      <Button className={styles.inline ?? ""} onClick={() => setOpen(true)}>
        Assign a licence
      </Button>
      {isOpen && (
        <AssignDialog onClose={() => setOpen(false)} organisationId={organisationId} users={[user]} />
      )}
    </>
  );
}
