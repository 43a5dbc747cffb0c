// On every page of whoever asked for the own account to be deleted: when that will be, and the way back.

import { deletions } from "@lockstep/api";
import { Button, CloseButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";

import { call, hasCode, sentenceOf, sessionQuery } from "../api.ts";
import { useChange } from "../changes/change.ts";
import { DueDate } from "./DueDate.tsx";
import styles from "./deletions.module.css";

export function DeletionBanner(): ReactNode {
  const { data: me } = useQuery(sessionQuery());
  const withdraw = useChange("session", async () => {
    try {
      await call(deletions.withdrawDeletion);
    } catch (error) {
      // It had ended otherwise, as when an administrator unblocks the account.
      if (!hasCode(error, "deletion_not_requested")) throw error;
    }
  });
  const dueAt = me?.deletionDueAt ?? null;
  if (dueAt === null && !withdraw.isSuccess) return null;
  return (
    <section aria-label="Deletion of your account" className={styles.banner} data-stays={dueAt === null}>
      <div className={styles.bannerInner}>
        <p role="status">
          {dueAt === null ? <strong>Your account stays.</strong> : <When dueAt={dueAt} />}
          {withdraw.error !== null && <span> {sentenceOf(withdraw.error).title}</span>}
        </p>
        {dueAt === null ? (
          <CloseButton aria-label="Close" onClick={() => withdraw.reset()} size="sm" />
        ) : (
          <Button loading={withdraw.isPending} onClick={() => withdraw.mutate(undefined)} size="sm">
            Withdraw
          </Button>
        )}
      </div>
    </section>
  );
}

function When({ dueAt }: { readonly dueAt: string }): ReactNode {
  if (new Date(dueAt) > new Date()) {
    return (
      <>
        <strong>
          Your account will be deleted on <DueDate at={dueAt} />.
        </strong>{" "}
        Until then you can withdraw it.
      </>
    );
  }
  return (
    <>
      <strong>
        Your account is due to be deleted since <DueDate at={dueAt} />.
      </strong>{" "}
      While nobody else can do what you do here it waits, and you can withdraw it.
    </>
  );
}
