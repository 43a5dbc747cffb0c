// What a query gives, or what stands in its place: a skeleton while it loads, the server's sentence if it refuses.
// If a refresh fails, what was shown stays and is said to be old.

import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";

import { hasCode, isMissing, sentenceOf } from "./api.ts";
import { Note } from "./ui/Note.tsx";

interface LoadedProps<Reply> {
  readonly query: {
    readonly data: Reply | undefined;
    readonly error: Error | null;
    readonly refetch: () => Promise<unknown>;
  };
  /** Without it there is no page, so that what is said instead is its heading. */
  readonly isPage?: boolean;
  readonly skeleton: ReactNode;
  readonly children: (reply: Reply) => ReactNode;
}

export function Loaded<Reply>({ query, isPage = false, skeleton, children }: LoadedProps<Reply>): ReactNode {
  const { data, error, refetch } = query;
  if (data === undefined && error === null) return <div aria-busy="true">{skeleton}</div>;
  const again = <Button onClick={() => void refetch()}>Try again</Button>;
  const home = <Button renderRoot={(props) => <Link to="/" {...props} />}>All users</Button>;
  if (data === undefined || (error !== null && isMissing(error))) {
    const { title, detail } = sentenceOf(error);
    // Asking again helps neither where there is nothing nor where one may not look.
    const isFinal = isMissing(error) || hasCode(error, "permission_denied");
    return (
      <Note action={isFinal ? home : again} isPage={isPage} title={title} tone="bad">
        {detail}
      </Note>
    );
  }
  return (
    <>
      {error !== null && (
        <Note action={again} isLine title="What you see is not up to date." tone="bad">
          {sentenceOf(error).title}
        </Note>
      )}
      {children(data)}
    </>
  );
}
