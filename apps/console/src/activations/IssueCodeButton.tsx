// The button that begins to issue an activation code, or says why none can be. What it opens is kept by whoever shows
// it, because a step that has been taken goes away while the code is still to be read.

import type { Standing } from "@lockstep/api";
import type { OrganisationId } from "@lockstep/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { codesQuery, syncQuery } from "../api.ts";
import { useRights } from "../sessions/rights.ts";
import { withoutRelayWords } from "../sync/words.ts";
import { ActionButton } from "../ui/ActionButton.tsx";
import { canBeUsed } from "./words.ts";

interface IssueCodeButtonProps {
  readonly organisationId: OrganisationId;
  readonly standing: Standing;
  readonly onOpen: () => void;
}

export function IssueCodeButton({ organisationId, standing, onOpen }: IssueCodeButtonProps): ReactNode {
  const isAllowed = useRights()("generate-activation-code").allowed;
  const { data: state } = useQuery({ ...syncQuery(organisationId), enabled: isAllowed });
  const { data } = useQuery({ ...codesQuery(organisationId, standing.user.id), enabled: isAllowed });
  if (!isAllowed) return null;
  return (
    <ActionButton onClick={onOpen} why={state?.relay === null ? withoutRelayWords : whyNone(standing)}>
      {data?.codes.some(canBeUsed) ? "Issue another code" : "Issue a code"}
    </ActionButton>
  );
}

function whyNone({ account, reasons }: Standing): string | null {
  const has = (wanted: Standing["reasons"][number]["code"]) => reasons.some(({ code }) => code === wanted);
  if (account === "blocked") return "The account is blocked, and nothing new is activated for it.";
  if (account === "deleted") return "The account is deleted.";
  if (has("licence-expired")) return "The licence has expired, so nothing new is activated. Renew it first.";
  if (has("pool-exhausted")) return "No licence has a seat left. Add seats first.";
  return null;
}
