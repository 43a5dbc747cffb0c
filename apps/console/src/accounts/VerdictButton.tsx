// Buttons and switches that ask the server whether they may be used, and say why not.

import type { Action, OrganisationId, UserId } from "@lockstep/core";
import { Switch, Tooltip } from "@mantine/core";
import { useId, type ReactNode } from "react";

import { ActionButton } from "../ui/ActionButton.tsx";
import ui from "../ui/ui.module.css";
import { useVerdict } from "./verdict.ts";

interface VerdictButtonProps {
  readonly organisationId: OrganisationId;
  readonly userId: UserId;
  readonly action: Action;
  /** Why there is nothing to do, for whoever may; null if there is. */
  readonly instead?: string | null;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

export function VerdictButton(props: VerdictButtonProps): ReactNode {
  const { organisationId, userId, action, instead = null, onClick, children } = props;
  const { why } = useVerdict(organisationId, userId, action);
  return (
    <ActionButton onClick={onClick} why={why ?? instead}>
      {children}
    </ActionButton>
  );
}

interface LockedProps {
  readonly label: string;
  readonly isOn: boolean;
  readonly why: string;
}

/** A switch that nobody turns: it shows how it stands, and can be reached to hear why. */
export function Locked({ label, isOn, why }: LockedProps): ReactNode {
  const id = useId();
  return (
    <>
      <Tooltip label={why}>
        <Switch
          aria-describedby={id}
          aria-disabled
          aria-label={label}
          checked={isOn}
          data-locked
          onChange={() => undefined}
        />
      </Tooltip>
      <span className={ui.hidden} id={id}>
        {why}
      </span>
    </>
  );
}
