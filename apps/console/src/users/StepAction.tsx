// The button that takes a next step, where the console can take it already.

import type { Standing } from "@lockstep/api";
import type { OrganisationId, StepCode } from "@lockstep/core";
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { useRights } from "../sessions/rights.ts";
import { AssignButton } from "./Seat.tsx";
import styles from "./user.module.css";

interface StepActionProps {
  readonly organisationId: OrganisationId;
  readonly standing: Standing;
  readonly code: StepCode;
}

export function StepAction({ organisationId, standing, code }: StepActionProps): ReactNode {
  const may = useRights();
  if (takesSeat(code, standing)) return <AssignButton organisationId={organisationId} user={standing.user} />;
  if (code !== "add-seats" && code !== "renew-licence") return null;
  return (
    may("edit-licences").allowed && (
      <Button
        className={styles.inline ?? ""}
        renderRoot={(props) => (
          <Link params={{ organisationId }} to="/organisations/$organisationId/licences" {...props} />
        )}
      >
        Licences
      </Button>
    )
  );
}

/** Activation codes come later; the seat that one would take can be given now. */
export function takesSeat(code: StepCode, { encryption }: Standing): boolean {
  return code === "assign-licence" || (code === "generate-activation-code" && encryption === "unlicensed");
}
