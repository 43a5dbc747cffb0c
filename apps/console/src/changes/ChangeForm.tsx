// What ends in a change, within a dialog: fields, what it would do, the refusal if there is one, and the two ways out.

import { Button } from "@mantine/core";
import type { ReactNode } from "react";

import { Form } from "../ui/Form.tsx";
import styles from "../ui/ui.module.css";
import type { ChangeState } from "./change.ts";
import type { Edited } from "./edited.ts";
import { Overtaken } from "./Overtaken.tsx";
import { Refused } from "./Refused.tsx";

export interface ChangeFormProps {
  /** What the button that does it says. */
  readonly action: string;
  readonly change: ChangeState;
  /** Where a revision is edited. */
  readonly edited?: Edited;
  /** Whether it can be sent: nothing is saved before its impact was on the screen. */
  readonly isReady?: boolean;
  /** It takes something away for good. */
  readonly isGrave?: boolean;
  readonly onSubmit: (close: () => void) => void;
  readonly close: () => void;
  readonly children?: ReactNode;
}

export function ChangeForm(props: ChangeFormProps): ReactNode {
  const { action, change, edited, isReady = true, isGrave = false, onSubmit, close, children } = props;
  const canSubmit = isReady && edited?.isOvertaken !== true;
  return (
    <Form
      onSubmit={() => {
        if (canSubmit && !change.isPending) onSubmit(close);
      }}
    >
      {children}
      {edited && <Overtaken change={change} edited={edited} />}
      <Refused error={change.error} />
      <div className={styles.buttons}>
        <Button
          data-grave={isGrave}
          disabled={!canSubmit}
          loading={change.isPending}
          size="sm"
          type="submit"
          variant="filled"
        >
          {action}
        </Button>
        <Button onClick={close} size="sm">
          Cancel
        </Button>
      </div>
    </Form>
  );
}
