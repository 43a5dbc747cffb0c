// A field to search in: "/" goes to it, Escape empties it, and it tells what was typed once the typing rests.

import { Kbd } from "./Kbd.tsx";
import { CloseButton, TextInput } from "@mantine/core";
import { useDebouncedCallback, useHotkeys } from "@mantine/hooks";
import { useEffect, useRef, useState, type ReactNode } from "react";

import { SearchIcon } from "./icons.tsx";
import styles from "./search-field.module.css";

const restMilliseconds = 200;

interface SearchFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (text: string) => void;
  readonly placeholder?: string;
}

export function SearchField({ label, value, onChange, placeholder }: SearchFieldProps): ReactNode {
  const field = useRef<HTMLInputElement>(null);
  const { text, type } = useRestingText(value, onChange);
  useHotkeys([["/", () => field.current?.focus()]]);
  const clear = () => {
    type("");
    field.current?.focus();
  };
  return (
    <TextInput
      aria-label={label}
      className={styles.field ?? ""}
      leftSection={<SearchIcon />}
      maxLength={100}
      onChange={({ currentTarget }) => type(currentTarget.value)}
      onKeyDown={({ key }) => {
        if (key === "Escape") clear();
      }}
      placeholder={placeholder ?? "Search by name or username"}
      ref={field}
      rightSection={
        text === "" ? <Kbd>/</Kbd> : <CloseButton aria-label="Empty the search" onClick={clear} size="sm" />
      }
      spellCheck={false}
      type="text"
      value={text}
    />
  );
}

/** What is typed is shown at once and told once it rests; what changes from elsewhere is shown too. */
function useRestingText(value: string, onChange: (text: string) => void) {
  const [text, setText] = useState(value);
  const told = useRef(value);
  const tell = useDebouncedCallback((typed: string) => {
    told.current = typed.trim();
    onChange(told.current);
  }, restMilliseconds);
  useEffect(() => {
    if (value === told.current) return;
    told.current = value;
    setText(value);
  }, [value]);
  const type = (typed: string) => {
    setText(typed);
    tell(typed);
  };
  return { text, type };
}
