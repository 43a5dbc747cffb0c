// A password, hidden as long as one does not ask to see it.

import { TextInput, type TextInputProps } from "@mantine/core";
import { useState, type ReactNode, type Ref } from "react";

import { EyeIcon } from "./icons.tsx";
import styles from "./ui.module.css";

type PasswordFieldProps = Omit<TextInputProps, "type" | "rightSection"> & {
  readonly ref?: Ref<HTMLInputElement>;
};

export function PasswordField(props: PasswordFieldProps): ReactNode {
  const [isShown, setShown] = useState(false);
  const label = isShown ? "Hide the password" : "Show the password";
  return (
    <TextInput
      maxLength={1000}
      spellCheck={false}
      {...props}
      rightSection={
        <button
          aria-label={label}
          className={styles.eye}
          onClick={() => setShown(!isShown)}
          title={label}
          type="button"
        >
          <EyeIcon isCrossed={isShown} />
        </button>
      }
      type={isShown ? "text" : "password"}
    />
  );
}
