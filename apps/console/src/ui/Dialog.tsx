// A question that is answered before anything else. The browser keeps the focus in it and gives it back.

import { CloseButton } from "@mantine/core";
import { useEffect, useId, useRef, type ReactNode } from "react";

import styles from "./dialog.module.css";

interface DialogProps {
  readonly title: string;
  readonly isWide?: boolean;
  /** Something may have been entered: pressing beside it does not throw that away. */
  readonly isFirm?: boolean;
  /** It has been closed, whichever way. */
  readonly onClose: () => void;
  readonly children: (close: () => void) => ReactNode;
}

/** Where the work begins, rather than at the button that closes. */
const firstField = "form :is(input, select, textarea):not(:disabled)";

export function Dialog({ title, isWide = false, isFirm = false, onClose, children }: DialogProps): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    if (dialog.current?.open !== false) return;
    dialog.current.showModal();
    dialog.current.querySelector<HTMLElement>(firstField)?.focus();
  }, []);
  const close = () => dialog.current?.close();
  return (
    <dialog
      aria-labelledby={id}
      className={styles.dialog}
      data-wide={isWide}
      onClick={({ target, currentTarget }) => {
        // What lies around the dialog is part of it, what is in it is not.
        if (target === currentTarget && !isFirm) close();
      }}
      onClose={onClose}
      onKeyDownCapture={(event) => {
        const { key, target } = event;
        // Escape closes a list that is open in the dialog, and only then the dialog.
        const isInList = target instanceof Element && target.closest("[aria-expanded='true']") !== null;
        if (key === "Escape" && isInList) event.preventDefault();
      }}
      ref={dialog}
    >
      <div className={styles.content}>
        <div className={styles.head}>
          <h2 id={id}>{title}</h2>
          <CloseButton aria-label="Close" onClick={close} size="sm" />
        </div>
        {children(close)}
      </div>
    </dialog>
  );
}
