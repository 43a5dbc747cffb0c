// Declaring a workstation lost: what whoever has it may be able to read, what happens at once, and new keys.

import { workstations } from "@lockstep/api";
import type { OrganisationId, WorkstationId } from "@lockstep/core";
import { Checkbox, Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { call, exposureQuery } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { FormDialog } from "../changes/FormDialog.tsx";
import { Loaded } from "../Loaded.tsx";
import { countOf } from "../ui/format.ts";
import { ExposureList } from "./Exposure.tsx";
import styles from "./machines.module.css";

interface LostDialogProps {
  readonly organisationId: OrganisationId;
  readonly workstation: { readonly id: WorkstationId; readonly name: string };
  readonly onClose: () => void;
}

export function LostDialog({ organisationId, workstation, onClose }: LostDialogProps): ReactNode {
  const { id: workstationId, name } = workstation;
  const exposure = useQuery(exposureQuery(organisationId, workstationId));
  const [rotateKeys, setRotateKeys] = useState(true);
  const declare = useChange(organisationId, () =>
    call(workstations.declareLost, { params: { organisationId, workstationId }, body: { rotateKeys } }),
  );
  const inUse = exposure.data?.exposed.filter((each) => each.isInUse) ?? [];
  return (
    <FormDialog
      action="Declare it lost"
      change={declare}
      isGrave
      isReady={exposure.isSuccess}
      isWide
      onClose={onClose}
      onSubmit={(close) => declare.mutate(undefined, { onSuccess: close })}
      title={`Declare ${name} lost`}
    >
      <p>
        Nobody is active on it any more, from now on. Should it ever call again, it is told to wipe its keys.
        What it was sent, whoever has it may be able to read:
      </p>
      <Loaded query={exposure} skeleton={<Skeleton height={60} />}>
        {(reply) => <ExposureList exposure={reply} />}
      </Loaded>
      {inUse.length > 0 && (
        <Checkbox
          checked={rotateKeys}
          description="New files are encrypted with versions that it never had. Whoever holds these keys and is active on a workstation is red until a Key-File is posted."
          label={`Rotate ${countOf(inUse.length, "key")} now`}
          onChange={({ currentTarget }) => setRotateKeys(currentTarget.checked)}
        />
      )}
      <p className={styles.quiet}>This is not taken back. If it turns up, it is activated with a new code.</p>
    </FormDialog>
  );
}
