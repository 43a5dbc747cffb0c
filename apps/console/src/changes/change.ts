// Asking the server for a change: afterwards everything that it may have touched is asked for anew.

import { useMutation, useQueryClient, type UseMutationResult } from "@tanstack/react-query";
import { useState } from "react";

import { isOvertaken } from "../api.ts";

export type Change<Input, Reply = unknown> = UseMutationResult<Reply, Error, Input>;

/** What a dialog has to know of it. */
export type ChangeState = Pick<Change<never>, "error" | "isPending" | "isSuccess" | "reset">;

/**
 * @param scope what begins so is shown anew: an organisation's id, or the name of what belongs to none.
 * @param gone the id of what is no more afterwards, and is not asked for again.
 */
export function useChange<Input, Reply>(
  scope: string,
  run: (input: Input) => Promise<Reply>,
  gone?: string,
): Change<Input, Reply> {
  const queries = useQueryClient();
  const isThere = ({ queryKey }: { readonly queryKey: readonly unknown[] }) =>
    gone === undefined || !queryKey.includes(gone);
  const refresh = () => queries.invalidateQueries({ queryKey: [scope], predicate: isThere });
  return useMutation({
    mutationFn: run,
    onSuccess: refresh,
    onError: (error) => {
      // What one was overtaken by has to be on the screen before one can go on.
      if (isOvertaken(error)) void refresh();
    },
  });
}

/** However often a call is sent with it, one thing comes into being. */
export function newIdempotencyKey(): string {
  // Not randomUUID, which browsers give to secure origins only.
  return crypto.getRandomValues(new Uint32Array(4)).join("-");
}

/** One key for one opened dialog. */
export function useIdempotencyKey(): string {
  const [key] = useState(newIdempotencyKey);
  return key;
}
