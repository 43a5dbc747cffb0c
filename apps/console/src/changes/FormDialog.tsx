// A dialog that ends in a change.

import type { ReactNode } from "react";

import { Dialog } from "../ui/Dialog.tsx";
import { ChangeForm, type ChangeFormProps } from "./ChangeForm.tsx";

interface FormDialogProps extends Omit<ChangeFormProps, "close"> {
  readonly title: string;
  readonly isWide?: boolean;
  readonly onClose: () => void;
}

export function FormDialog({ title, isWide = false, onClose, ...form }: FormDialogProps): ReactNode {
  return (
    <Dialog isFirm isWide={isWide} onClose={onClose} title={title}>
      {(close) => <ChangeForm {...form} close={close} />}
    </Dialog>
  );
}
