// A button that posts Key-Files to one audience that the page it is on is about.

import type { OrganisationId } from "@lockstep/core";
import type { ButtonProps } from "@mantine/core";
import { useState, type ReactNode } from "react";

import { useRights } from "../sessions/rights.ts";
import { ActionButton } from "../ui/ActionButton.tsx";
import { PostDialog, type Audience } from "./PostDialog.tsx";

interface PostButtonProps extends ButtonProps {
  readonly organisationId: OrganisationId;
  readonly audience: Audience;
  /** Whom it is about, as in "to Bo Lindqvist". */
  readonly to: string;
  /** Why nothing can be posted; null if it can. */
  readonly why?: string | null;
  readonly onDone?: () => void;
  readonly children: ReactNode;
}

export function PostButton(props: PostButtonProps): ReactNode {
  const { organisationId, audience, to, why = null, onDone, children, ...button } = props;
  const [isOpen, setOpen] = useState(false);
  if (!useRights()("post-updates").allowed) return null;
  return (
    <>
      <ActionButton {...button} onClick={() => setOpen(true)} why={why}>
        {children}
      </ActionButton>
      {isOpen && (
        <PostDialog
          audience={audience}
          onClose={() => setOpen(false)}
          organisationId={organisationId}
          title={`Post ${to}`}
          {...(onDone && { onDone })}
        />
      )}
    </>
  );
}
