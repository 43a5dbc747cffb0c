// Somebody else was quicker: what was entered is kept, and one goes on from what they have made of it.

import { Button } from "@mantine/core";
import type { ReactNode } from "react";

import { isOvertaken } from "../api.ts";
import { Note } from "../ui/Note.tsx";
import type { ChangeState } from "./change.ts";
import type { Edited } from "./edited.ts";

interface OvertakenProps {
  readonly edited: Edited;
  readonly change: Pick<ChangeState, "error" | "isPending" | "isSuccess" | "reset">;
}

export function Overtaken({ edited, change }: OvertakenProps): ReactNode {
  // What one has just saved oneself is newer too.
  if (change.isPending || change.isSuccess) return null;
  if (!edited.isOvertaken && !isOvertaken(change.error)) return null;
  const goOn = () => {
    edited.goOn();
    change.reset();
  };
  return (
    <Note
      action={
        <Button loading={!edited.isOvertaken} onClick={goOn}>
          Load it again
        </Button>
      }
      isLine
      title="Somebody changed it meanwhile."
      tone="bad"
    >
      What you entered is kept. Look at it again before you save.
    </Note>
  );
}
