// A dry run of a file and the import itself, and the buttons that begin them.

import { Button } from "@mantine/core";
import { useMutation, type UseMutationResult } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";

import { newIdempotencyKey } from "../changes/change.ts";
import { Refused } from "../changes/Refused.tsx";
import type { ChosenFile } from "./FileChoice.tsx";

const newKeys = () => ({ check: newIdempotencyKey(), start: newIdempotencyKey() });

interface Given {
  readonly fileName: string;
  readonly csv: string;
  readonly isDryRun: boolean;
}

type Begun<Import> = UseMutationResult<Import, Error, void>;

/** A dry run and the import of the same file, each made once however often it is sent. */
export function useFileImport<Import>(
  file: ChosenFile | undefined,
  begin: (given: Given, idempotencyKey: string) => Promise<Import>,
): { check: Begun<Import>; start: Begun<Import>; forget: () => void } {
  const [keys, setKeys] = useState(newKeys);
  const run = (isDryRun: boolean, idempotencyKey: string) =>
    begin({ fileName: file?.name ?? "", csv: file?.text ?? "", isDryRun }, idempotencyKey);
  const check = useMutation({ mutationFn: () => run(true, keys.check) });
  const start = useMutation({ mutationFn: () => run(false, keys.start) });
  const forget = () => {
    setKeys(newKeys());
    check.reset();
    start.reset();
  };
  return { check, start, forget };
}

interface CheckFileProps {
  readonly check: Begun<unknown>;
  readonly isChosen: boolean;
}

export function CheckFile({ check, isChosen }: CheckFileProps): ReactNode {
  return (
    <>
      <Refused error={check.error} />
      <div>
        <Button
          disabled={!isChosen}
          loading={check.isPending}
          onClick={() => check.mutate()}
          size="sm"
          variant={check.isSuccess ? "default" : "filled"}
        >
          Check the file
        </Button>
      </div>
    </>
  );
}

interface CarryProps<Import> {
  readonly start: Begun<Import>;
  readonly onStarted: (begun: Import) => void;
  /** What the button says that it does. */
  readonly children: ReactNode;
}

/** Carries out what the dry run has found. */
export function Carry<Import>({ start, onStarted, children }: CarryProps<Import>): ReactNode {
  return (
    <>
      <Refused error={start.error} />
      <Button
        loading={start.isPending}
        onClick={() => start.mutate(undefined, { onSuccess: onStarted })}
        size="sm"
        variant="filled"
      >
        {children}
      </Button>
    </>
  );
}
