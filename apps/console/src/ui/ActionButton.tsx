// A button that, where it cannot be pressed, says why: to the eye, to the keyboard and to a screen reader.

import { Button, Tooltip, type ButtonProps } from "@mantine/core";
import { useId, type ReactNode } from "react";

import styles from "./ui.module.css";

interface ActionButtonProps extends ButtonProps {
  /** Why it cannot be pressed; null if it can. */
  readonly why?: string | null;
  /** What it is called where the words on it do not say it alone. */
  readonly label?: string;
  readonly onClick: () => void;
}

export function ActionButton({ why = null, label, onClick, ...props }: ActionButtonProps): ReactNode {
  const id = useId();
  if (why === null) return <Button {...props} aria-label={label} onClick={onClick} />;
  return (
    <>
      <Tooltip label={why}>
        <Button
          {...props}
          aria-describedby={id}
          aria-disabled
          aria-label={label}
          data-disabled
          onClick={(event) => event.preventDefault()}
        />
      </Tooltip>
      <span className={styles.hidden} id={id}>
        {why}
      </span>
    </>
  );
}
