// Issuing an activation code. It is shown once and kept nowhere: not in the address, not in the browser's storage.

import { activations, type Standing } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { NativeSelect } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { call, codesQuery } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { ChangeForm } from "../changes/ChangeForm.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { IssuedCode } from "./IssuedCode.tsx";
import { canBeUsed } from "./words.ts";

const terms = [
  { value: "1", label: "a day" },
  { value: "7", label: "7 days" },
  { value: "14", label: "14 days" },
  { value: "30", label: "30 days" },
  { value: "90", label: "90 days" },
  { value: "365", label: "a year" },
];

interface IssueCodeDialogProps {
  readonly organisationId: OrganisationId;
  readonly standing: Standing;
  readonly onClose: () => void;
}

export function IssueCodeDialog({ organisationId, standing, onClose }: IssueCodeDialogProps): ReactNode {
  const { user, encryption } = standing;
  const [days, setDays] = useState("14");
  const { data } = useQuery(codesQuery(organisationId, user.id));
  const issue = useChange(organisationId, () =>
    call(activations.issueActivationCode, {
      params: { organisationId, userId: user.id },
      body: { days: Number(days) },
    }),
  );
  return (
    <Dialog
      isFirm
      isWide={issue.isSuccess}
      onClose={onClose}
      title={issue.isSuccess ? `Activation code for ${user.name}` : `Issue an activation code`}
    >
      {(close) =>
        issue.isSuccess ? (
          <IssuedCode close={close} issued={issue.data} organisationId={organisationId} user={user} />
        ) : (
          <ChangeForm
            action="Issue the code"
            change={issue}
            close={close}
            onSubmit={() => issue.mutate(undefined)}
          >
            <p>With it {user.name} activates on one workstation, once.</p>
            <NativeSelect
              data={terms}
              label="It can be used for"
              onChange={({ currentTarget }) => setDays(currentTarget.value)}
              value={days}
            />
            {encryption === "unlicensed" && <p>The user holds no licence: one seat is taken.</p>}
            {data?.codes.some(canBeUsed) && (
              <p>The code that was issued before cannot be used any more then.</p>
            )}
          </ChangeForm>
        )
      }
    </Dialog>
  );
}
