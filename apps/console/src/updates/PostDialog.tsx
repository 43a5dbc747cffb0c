// Posting Key-Files to whoever requires one: to whom, and then how far it has come.

import { updates, type Posting } from "@lockstep/api";
import type { Id, OrganisationId, TeamId, UserId } from "@lockstep/core";
import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, type ReactNode } from "react";

import { call, postingQuery } from "../api.ts";
import { useChange, useIdempotencyKey } from "../changes/change.ts";
import { ChangeForm } from "../changes/ChangeForm.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { countOf } from "../ui/format.ts";
import { Note } from "../ui/Note.tsx";
import { Progress } from "../ui/Progress.tsx";
import ui from "../ui/ui.module.css";

/** Whom it is about: some users, a team with those below it, or the organisation where neither is named. */
export interface Audience {
  readonly userIds?: readonly UserId[];
  readonly teamId?: TeamId;
}

/** A call takes this many users. */
export const mostPosted = 5000;

interface PostDialogProps {
  readonly organisationId: OrganisationId;
  /** Null until it is chosen. */
  readonly audience: Audience | null;
  readonly title: string;
  /** It has been posted. */
  readonly onDone?: () => void;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

export function PostDialog(props: PostDialogProps): ReactNode {
  const { organisationId, audience, title, onDone, onClose, children } = props;
  const idempotencyKey = useIdempotencyKey();
  const post = useChange(organisationId, ({ userIds, teamId }: Audience) =>
    call(updates.postKeyFiles, {
      params: { organisationId },
      body: { ...(userIds && { userIds: [...userIds] }), ...(teamId && { teamId }) },
      idempotencyKey,
    }),
  );
  const finish = () => {
    onClose();
    if (post.isSuccess) onDone?.();
  };
  return (
    <Dialog isFirm onClose={finish} title={title}>
      {(close) =>
        post.isSuccess ? (
          <Posted close={close} organisationId={organisationId} postingId={post.data.id} />
        ) : (
          <ChangeForm
            action="Post"
            change={post}
            close={close}
            isReady={audience !== null}
            onSubmit={() => {
              if (audience !== null) post.mutate(audience);
            }}
          >
            {children}
            <p className={ui.quiet}>
              Each of their workstations gets the policy and keys that it should hold, and applies them when
              the user logs on. Blocked accounts are passed over.
            </p>
          </ChangeForm>
        )
      }
    </Dialog>
  );
}

interface PostedProps {
  readonly organisationId: OrganisationId;
  readonly postingId: Id<"posting">;
  readonly close: () => void;
}

function Posted({ organisationId, postingId, close }: PostedProps): ReactNode {
  const { data } = useQuery(postingQuery(organisationId, postingId));
  const queries = useQueryClient();
  const endedAt = data?.endedAt ?? null;
  useEffect(() => {
    // Whoever was red is orange now, and shown so at once.
    if (endedAt !== null) void queries.invalidateQueries({ queryKey: [organisationId] });
  }, [endedAt, organisationId, queries]);
  return (
    <>
      {data === undefined || data.endedAt === null ? (
        <Progress done={data?.done ?? 0} label="Users looked at" of="users" total={data?.users ?? 0} />
      ) : (
        <Ended posting={data} />
      )}
      <div className={ui.buttons}>
        <Button onClick={close} size="sm" variant="filled">
          Done
        </Button>
        <Button
          renderRoot={(props) => (
            <Link
              params={{ organisationId }}
              search={{ state: "outstanding" }}
              to="/organisations/$organisationId/updates"
              {...props}
            />
          )}
          size="sm"
        >
          Show what is on the way
        </Button>
      </div>
    </>
  );
}

function Ended({ posting: { users, posted } }: { readonly posting: Posting }): ReactNode {
  if (users === 0) {
    return (
      <Note isLine title="Nobody requires a Key-File.">
        Everybody holds what they should or has it on the way, or the account is blocked.
      </Note>
    );
  }
  return (
    <Note isLine title={`${countOf(posted, "Key-File")} posted to ${countOf(users, "user")}.`} tone="good">
      The update is pending (orange) until every workstation has reported that it is done.
    </Note>
  );
}
